//! What the system says about this process, and about others. Only Linux says it.

use std::fs;

/// Bytes of memory that it occupies.
pub fn resident() -> Option<u64> {
    Some(number_after("/proc/self/status", "VmRSS:")? * 1024)
}

/// Bytes that it has caused to be written to disks so far.
pub fn written() -> Option<u64> {
    number_after("/proc/self/io", "write_bytes:")
}

/// Processor time that all its threads have taken so far, in microseconds, to a hundredth of a second.
pub fn processor_microseconds() -> Option<u64> {
    // Linux counts in ticks for programs, of which a second always has a hundred.
    const MICROSECONDS_A_TICK: u64 = 10_000;
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may contain anything; eleven more fields come before.
    let (_, fields) = text.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().ok());
    Some((ticks.next()?? + ticks.next()??) * MICROSECONDS_A_TICK)
}

/// How many processes wanted to run during the last minute: more than there are cores is a crowd.
pub fn machine_load() -> Option<String> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next().map(str::to_owned)
}

fn number_after(file: &str, label: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(label))?;
    rest.split_whitespace().next()?.parse().ok()
}
