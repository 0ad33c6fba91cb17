// The root of the programs around Cilium; each minor version of Cilium has its own requirements, in the .mod file of its name.
module conformance

go 1.24
