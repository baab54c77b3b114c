//! Makes sure the folder of the web application exists, so that a build without it works too.

fn main() {
    // Only the folder: what is in it is the web build's.
    if let Err(error) = std::fs::create_dir_all("../../web/dist") {
        println!("cargo::warning=web/dist can't be made: {error}");
    }
    println!("cargo::rerun-if-changed=../../web/dist");
}
