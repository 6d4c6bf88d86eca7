//! The built files of the browser's half: their names, and the folder they are served from.

use std::path::{Path, PathBuf};

use app::Site;
use axum::{Router, http::HeaderValue, http::header, routing::get_service};
use serde::Deserialize;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// The built pages' files are missing.
#[derive(Debug, thiserror::Error)]
#[error("the site's files are not in {0}: run `scripts/build-site`, or set QLIENTO_SITE_ROOT")]
pub struct SiteError(PathBuf);

#[derive(Deserialize)]
struct Names {
    css: String,
    js: String,
    wasm: String,
}

/// What the build calls its files.
pub(super) fn site(root: &Path, demo: bool) -> Result<Site, SiteError> {
    let folder = root.join("pkg");
    let names = std::fs::read(folder.join("site.json"))
        .ok()
        .and_then(|text| serde_json::from_slice::<Names>(&text).ok());
    if let Some(Names { css, js, wasm }) = names {
        return Ok(Site {
            css,
            js,
            wasm,
            demo,
        });
    }
    // `cargo leptos watch` writes no list, and names without hashes.
    if folder.join("qliento.js").exists() {
        let [css, js, wasm] = ["css", "js", "wasm"].map(|ending| format!("qliento.{ending}"));
        return Ok(Site {
            css,
            js,
            wasm,
            demo,
        });
    }
    Err(SiteError(root.to_owned()))
}

/// The files. Their names change with their content, so a browser may keep them for a year.
pub(super) fn files(root: &Path) -> Router {
    let files = ServeDir::new(root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip();
    Router::new().fallback_service(get_service(files)).layer(
        SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            |response: &axum::http::Response<_>| {
                response
                    .status()
                    .is_success()
                    .then(|| HeaderValue::from_static("public, max-age=31536000, immutable"))
            },
        ),
    )
}
