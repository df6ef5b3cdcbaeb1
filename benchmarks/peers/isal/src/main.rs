//! `driver.c` with the ISA-L that the crate `isal-sys` builds from its own source; see ../README.md.

use isal_sys as _;

extern "C" {
    fn drive() -> i32;
}

fn main() {
    // SAFETY: it is the main function of a C program, called once, before any other thread is there.
    std::process::exit(unsafe { drive() });
}
