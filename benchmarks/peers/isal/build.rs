//! Compiles the driver as a library, because it is this crate's dependency that brings ISA-L.

fn main() {
    println!("cargo:rerun-if-changed=driver.c");
    cc::Build::new().file("driver.c").define("main", "drive").opt_level(3).warnings(false).compile("driver");
}
