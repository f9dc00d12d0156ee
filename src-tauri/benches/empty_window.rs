//! The floor of the window's figures: how long a window of the same toolkit with an empty page takes
//! from the start of its program to its first frame. Prints `frame` and milliseconds, as the station
//! does with `--milestones`, and ends.

use std::time::Instant;

use countersign_window::window::draw_without_graphics_device;
use tauri::http::Response;
use tauri::http::header::{CONTENT_TYPE, HeaderValue};
use tauri::{Manager as _, WebviewUrl, WebviewWindowBuilder};

/// The first callback runs before painting, the second after it, as in the station's window.
const PAGE: &str = "<!doctype html><script>
    requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'frame'; }));
</script>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let mut page = Response::new(PAGE.as_bytes());
            page.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            page
        })
        .setup(move |app| {
            let page = WebviewUrl::CustomProtocol("empty://localhost".parse()?);
            let window = WebviewWindowBuilder::new(app, "main", page)
                .inner_size(1280.0, 800.0)
                .on_document_title_changed(move |window, title| {
                    if title == "frame" {
                        println!("frame {}", started.elapsed().as_millis());
                        window.app_handle().exit(0);
                    }
                })
                .build()?;
            draw_without_graphics_device(&window)?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}
