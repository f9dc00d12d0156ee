//! The report of an envelope in a window of its own, with the system's print dialog over it.
//!
//! The page is the one that a pack contains. It has no script, and its window may not call the
//! station: no capability names it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Builder, Manager as _, Runtime, Url, WebviewUrl, WebviewWindowBuilder};

/// The scheme of the pages.
const SCHEME: &str = "report";
/// Reports that are kept; of a window that stays open longer the page cannot be loaded again.
const KEPT: usize = 8;
/// No script, no network, nothing embedded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The pages that are shown, by the number of their window.
#[derive(Debug, Default)]
pub struct Reports {
    pages: Mutex<BTreeMap<u32, Arc<[u8]>>>,
    next: AtomicU32,
}

impl Reports {
    fn add(&self, page: Vec<u8>) -> u32 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut pages = self.pages.lock();
        pages.insert(number, page.into());
        while pages.len() > KEPT {
            pages.pop_first();
        }
        number
    }

    /// The page that a path such as `/3` asks for.
    fn at(&self, path: &str) -> Option<Arc<[u8]>> {
        let number = path.trim_start_matches('/').parse().ok()?;
        self.pages.lock().get(&number).cloned()
    }
}

/// Lets windows show reports.
pub fn serve<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.manage(Reports::default()).register_uri_scheme_protocol(SCHEME, |context, request| {
        answer(&context.app_handle().state::<Reports>(), &request)
    })
}

fn answer(reports: &Reports, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let page = reports.at(request.uri().path());
    let status = if page.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = Response::new(page.map(|page| page.to_vec()).unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(POLICY));
    response
}

/// Shows a report, and the system's print dialog once it is there.
///
/// # Errors
/// If the system provides no window.
pub fn show(app: &AppHandle, title: &str, page: Vec<u8>) -> tauri::Result<()> {
    let number = app.state::<Reports>().add(page);
    let label = format!("report-{number}");
    let url: Url =
        format!("{SCHEME}://localhost/{number}").parse().map_err(tauri::Error::InvalidUrl)?;
    WebviewWindowBuilder::new(app, label, WebviewUrl::CustomProtocol(url))
        .title(title)
        .inner_size(900.0, 1000.0)
        .center()
        .devtools(false)
        .on_navigation(|url| url.scheme() == SCHEME)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, loaded| {
            if loaded.event() == PageLoadEvent::Finished {
                // Without a print dialog the report is still there to read.
                let _ = window.print();
            }
        })
        .build()
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_served_without_script_and_only_its_own() {
        let reports = Reports::default();
        let numbers: Vec<u32> =
            (0..=KEPT).map(|at| reports.add(format!("<p>{at}</p>").into_bytes())).collect();
        let ask = |path: &str| {
            let request = Request::builder().uri(format!("report://localhost{path}"));
            answer(&reports, &request.body(Vec::new()).unwrap())
        };
        let last = ask(&format!("/{}", numbers[KEPT]));
        assert_eq!(last.body(), format!("<p>{KEPT}</p>").as_bytes());
        assert_eq!(last.headers()[header::CONTENT_SECURITY_POLICY], POLICY);
        for other in ["/0", "/", "/../index.html", "/1/2", "/-1"] {
            assert_eq!(ask(other).status(), StatusCode::NOT_FOUND, "{other}");
        }
    }
}
