//! The legal page: what Meta's app review opens.

use axum::http::StatusCode;

use crate::harness::TestApp;

#[tokio::test]
async fn the_legal_page_has_nine_parts_no_script_and_both_ways_to_ask() {
    let app = TestApp::start().await;

    for (lang, updated) in [("fr", "avril 2026"), ("en", "April 2026")] {
        let page = app.browser().get(&format!("/{lang}/data-deletion")).await;

        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("<h2").count(), 9);
        assert!(page.body.contains(updated) && !page.body.contains("<script"));
        assert!(!page.body.contains("noindex"));
        assert_eq!(page.header("x-robots-tag"), "all");
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'none'")
        );
        assert!(page.header("cache-control").contains("max-age=300"));
        for link in [
            format!("/{lang}/settings/danger-zone/delete-account"),
            format!("/{lang}/request"),
            format!("/{lang}/status"),
            "mailto:privacy@qliento.com".to_owned(),
        ] {
            assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
        }
    }
}
