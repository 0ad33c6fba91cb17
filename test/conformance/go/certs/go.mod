module cilium-policy/certs

go 1.22
