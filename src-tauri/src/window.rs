//! The main window: it shows what is built into the program, goes nowhere else, and opens no other.

use countersign_app::text_size::TextSize;
use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's label.
pub const LABEL: &str = "main";

/// Opens the window.
///
/// # Errors
/// Fails if the system provides none.
pub fn open(app: &App, demo: bool, size: TextSize) -> tauri::Result<()> {
    let title = if demo { "Countersign (Demo)" } else { "Countersign" };
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title(title)
        .inner_size(1280.0, 800.0)
        .min_inner_size(1024.0, 700.0)
        .center()
        .devtools(cfg!(debug_assertions))
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    draw_without_graphics_device(&window)?;
    window.set_zoom(size.factor())
}

/// Has the processor draw the window where nothing else can: without a graphics device WebKit would
/// have OpenGL emulated, and the first frame alone would take several times as long.
///
/// # Errors
/// Fails if the window is gone.
#[cfg(target_os = "linux")]
pub fn draw_without_graphics_device(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};
    // A driver's pictures of the window never come without OpenGL (WebKitGTK 2.50).
    let is_driven = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    if is_driven || has_graphics_device() {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Elsewhere the system decides.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn draw_without_graphics_device(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Whether the kernel offers a device that draws (a DRM render node).
#[cfg(target_os = "linux")]
fn has_graphics_device() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|devices| {
        devices
            .flatten()
            .any(|device| device.file_name().as_encoded_bytes().starts_with(b"renderD"))
    })
}

/// Shows everything in the window at this size.
pub fn show_at(app: &AppHandle, size: TextSize) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window that is being closed is shown at no size.
        let _ = window.set_zoom(size.factor());
    }
}

/// Whether a page is one of the program's own.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows and Android serve the same pages under this name.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_pages_are_displayed() {
        let own = |text: &str| is_own(&text.parse().unwrap());
        assert!(own("tauri://localhost/index.html"));
        for other in [
            "https://example.com/",
            "http://localhost:8080/",
            "file:///etc/passwd",
            "tauri://elsewhere/",
            "data:text/html,x",
            "about:blank",
            "javascript:alert(1)",
        ] {
            assert!(!own(other), "{other}");
        }
    }
}
