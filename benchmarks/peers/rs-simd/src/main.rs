//! Runs reed-solomon-simd on the shapes that it is asked for; see ../README.md.

use std::io::{self, BufRead, Write};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use reed_solomon_simd::{ReedSolomonDecoder, ReedSolomonEncoder};

const MAX_THREADS: usize = 16;

#[derive(Clone, Copy)]
struct Job {
    reconstruct: bool,
    k: usize,
    m: usize,
    shard_bytes: usize,
    millis: u64,
    lost: usize,
}

fn work(job: Job, memory: &mut Vec<u8>, ready: &Barrier) -> (u64, u64) {
    let stride = if job.shard_bytes / 64 % 2 == 1 { job.shard_bytes } else { job.shard_bytes + 64 };
    // A thread keeps its memory: 64 MiB take longer to map than to code.
    if memory.len() < stride * job.k {
        *memory = (0..stride * job.k).map(|i| (i * 31 + i / 251) as u8).collect();
    }
    let data = |i: usize| &memory[i * stride..i * stride + job.shard_bytes];
    let mut encoder = ReedSolomonEncoder::new(job.k, job.m, job.shard_bytes).expect("shape");
    let mut decoder = ReedSolomonDecoder::new(job.k, job.m, job.shard_bytes).expect("shape");
    for i in 0..job.k {
        encoder.add_original_shard(data(i)).expect("shard");
    }
    let parity: Vec<Vec<u8>> =
        encoder.encode().expect("encode").recovery_iter().map(<[u8]>::to_vec).collect();
    ready.wait();
    let start = Instant::now();
    let end = start + Duration::from_millis(job.millis);
    let mut calls = 0u64;
    loop {
        if job.reconstruct {
            for i in job.lost..job.k {
                decoder.add_original_shard(i, data(i)).expect("shard");
            }
            for i in 0..job.lost {
                decoder.add_recovery_shard(i, &parity[i]).expect("shard");
            }
            let result = decoder.decode().expect("decode");
            assert_eq!(result.restored_original(0).map(|shard| shard[0]), Some(data(0)[0]));
        } else {
            for i in 0..job.k {
                encoder.add_original_shard(data(i)).expect("shard");
            }
            let result = encoder.encode().expect("encode");
            assert_eq!(result.recovery(0).map(|shard| shard[0]), Some(parity[0][0]));
        }
        calls += 1;
        if Instant::now() >= end {
            break;
        }
    }
    (calls * (job.k * job.shard_bytes) as u64, start.elapsed().as_nanos() as u64)
}

fn answer(line: &str, kept: &mut [Vec<u8>]) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words == ["name"] {
        return "ok reed-solomon-simd 3, best engine of its detection".to_string();
    }
    let numbers: Vec<usize> = words.iter().skip(1).filter_map(|word| word.parse().ok()).collect();
    if numbers.len() != 6 || numbers[3] < 1 || numbers[3] > kept.len() {
        return "no bad request".to_string();
    }
    let job = Job {
        reconstruct: words[0] == "reconstruct",
        k: numbers[0],
        m: numbers[1],
        shard_bytes: numbers[2],
        millis: numbers[4] as u64,
        lost: numbers[5],
    };
    let ready = Barrier::new(numbers[3]);
    let (mut bytes, mut nanos) = (0, 0);
    thread::scope(|scope| {
        let threads: Vec<_> = kept
            .iter_mut()
            .take(numbers[3])
            .map(|memory| scope.spawn(|| work(job, memory, &ready)))
            .collect();
        for thread in threads {
            let (coded, took) = thread.join().expect("thread");
            bytes += coded;
            nanos = nanos.max(took);
        }
    });
    format!("ok {bytes} {nanos}")
}

fn main() {
    let mut kept = vec![Vec::new(); MAX_THREADS];
    for line in io::stdin().lock().lines() {
        println!("{}", answer(&line.expect("request"), &mut kept));
        io::stdout().flush().expect("answer");
    }
}
