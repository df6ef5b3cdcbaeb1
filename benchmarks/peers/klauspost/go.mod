module moraine.dev/bench/klauspost

go 1.24

require github.com/klauspost/reedsolomon v1.12.5

require (
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	golang.org/x/sys v0.30.0 // indirect
)
