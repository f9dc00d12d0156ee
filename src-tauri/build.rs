//! Prepares what Tauri puts into the program: configuration, capabilities, icons.

fn main() {
    tauri_build::build();
}
