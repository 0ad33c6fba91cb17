// fast-check for property tests: the same inputs in every run, so that a red run is one that a change made; PROPERTY_SEED=N (or =fresh) gives others.

import fc from 'fast-check'

const { PROPERTY_SEED } = process.env
if (PROPERTY_SEED !== 'fresh') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(PROPERTY_SEED ?? 1) })

export default fc
