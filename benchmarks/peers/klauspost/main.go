// Runs klauspost/reedsolomon on the shapes that it is asked for; see ../README.md. The argument picks its coder: matrix or leopard8.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/reedsolomon"
)

const maxThreads = 16

type job struct {
	op                   string
	k, m                 int
	shardBytes, millis   int
	lost, thread         int
	dataBytes, tookNanos int64
}

func newCoder(k, m int) (reedsolomon.Encoder, error) {
	// With one goroutine and more than ten shards the library silently leaves its fastest path; four on one processor do not.
	options := []reedsolomon.Option{reedsolomon.WithMaxGoroutines(4), reedsolomon.WithInversionCache(false)}
	if os.Args[1] == "leopard8" {
		options = append(options, reedsolomon.WithLeopardGF(true))
	}
	return reedsolomon.New(k, m, options...)
}

// A thread keeps its memory: 64 MiB take longer to map than to code.
var kept [maxThreads][]byte

func pages(thread, bytes int) []byte {
	if len(kept[thread]) < bytes {
		kept[thread] = nil
		runtime.GC()
		kept[thread] = make([]byte, bytes)
		for i := range kept[thread] {
			kept[thread][i] = byte(i*31 + i/251)
		}
	}
	return kept[thread][:bytes]
}

func (j *job) work(ready *sync.WaitGroup) error {
	isReady := sync.OnceFunc(ready.Done)
	defer isReady()
	coder, err := newCoder(j.k, j.m)
	if err != nil {
		return err
	}
	n := j.k + j.m
	stride := j.shardBytes
	if stride/64%2 == 0 {
		stride += 64
	}
	memory := pages(j.thread, stride*n+64)
	shards := make([][]byte, n)
	for i := range shards {
		shards[i] = memory[i*stride : i*stride+j.shardBytes : i*stride+j.shardBytes]
	}
	left := make([][]byte, n)
	isReady()
	ready.Wait()
	start := time.Now()
	end := start.Add(time.Duration(j.millis) * time.Millisecond)
	for calls := int64(1); ; calls++ {
		if j.op == "reconstruct" {
			for i := range shards {
				left[i] = shards[i]
				if i < j.lost || i >= j.k+j.lost {
					left[i] = shards[i][:0]
				}
			}
			err = coder.ReconstructData(left)
		} else {
			err = coder.Encode(shards)
		}
		if err != nil {
			return err
		}
		if now := time.Now(); !now.Before(end) {
			j.dataBytes = calls * int64(j.k) * int64(j.shardBytes)
			j.tookNanos = now.Sub(start).Nanoseconds()
			return nil
		}
	}
}

func answer(line string) string {
	if line == "name" {
		return "ok klauspost/reedsolomon 1.12.5, " + os.Args[1] + ", four goroutines"
	}
	var one job
	var threads int
	if _, err := fmt.Sscan(line, &one.op, &one.k, &one.m, &one.shardBytes, &threads, &one.millis, &one.lost); err != nil || threads < 1 || threads > maxThreads {
		return "no bad request"
	}
	runtime.GOMAXPROCS(threads)
	jobs := make([]job, threads)
	failures := make([]error, threads)
	var group, ready sync.WaitGroup
	ready.Add(threads)
	for i := range jobs {
		jobs[i] = one
		jobs[i].thread = i
		group.Add(1)
		go func() {
			defer group.Done()
			failures[i] = jobs[i].work(&ready)
		}()
	}
	group.Wait()
	var bytes, nanos int64
	for i := range jobs {
		if failures[i] != nil {
			return "no " + failures[i].Error()
		}
		bytes += jobs[i].dataBytes
		nanos = max(nanos, jobs[i].tookNanos)
	}
	return fmt.Sprintf("ok %d %d", bytes, nanos)
}

func main() {
	if len(os.Args) != 2 || (os.Args[1] != "matrix" && os.Args[1] != "leopard8") {
		fmt.Fprintln(os.Stderr, "usage: klauspost matrix|leopard8")
		os.Exit(2)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(answer(lines.Text()))
	}
}
