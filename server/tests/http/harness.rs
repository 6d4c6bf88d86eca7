//! An application, and browsers without JavaScript that visit it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use erasure::{
    db::{Value, scratch},
    graph::simulated::{self, SimulatedMeta},
    job,
    mail::MemoryMail,
    manifest::Manifest,
    random::ChaChaRandom,
    seed::{self, SeedOptions},
    services::Services,
    time::{ManualClock, Timestamp},
    vault::{KeyFile, MasterKey},
};
use server::{
    config::{Config, Source},
    http,
    startup::{self, Outside},
};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// 2026-11-24T12:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_795_521_600_000);
pub(crate) const ORIGIN: &str = "https://app.example.com";

pub(crate) struct TestApp {
    pub(crate) services: Services,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) mail: Arc<MemoryMail>,
    pub(crate) meta: Arc<SimulatedMeta>,
    router: Router,
    admin: Router,
    _folder: TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        let app = [
            ("meta_app_secret", simulated::APP_SECRET.to_owned()),
            ("meta_verify_token", "sesame".to_owned()),
        ];
        Self::with(&app).await
    }

    /// An application that was told nothing about its app at Meta.
    pub(crate) async fn without_meta() -> Self {
        Self::with(&[]).await
    }

    /// An application with these settings.
    pub(crate) async fn with(settings: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, database().await, settings);
        let key = MasterKey::mint(&ChaChaRandom::from_number(3));
        KeyFile::at(&config.master_key_file).create(&key).unwrap();
        let (mail, clock) = (
            Arc::new(MemoryMail::new()),
            Arc::new(ManualClock::at(START)),
        );
        let meta = Arc::new(SimulatedMeta::new(clock.clone()));
        let outside = Outside {
            mail: Some(mail.clone()),
            graph: Some(Arc::new(meta.client())),
        };
        let services = startup::services(&config, outside, true).await.unwrap();
        let services = Services {
            clock: clock.clone(),
            ..services
        };
        let options = SeedOptions {
            organizations: 2,
            messages: 30,
            seed: 1,
            marker: None,
        };
        seed::run(&services, &options, &mut |_| {}).await.unwrap();
        assert!(Manifest::platform(&services.db).await.is_ok());
        let counters = http::Counters::default();
        let router = http::router(&config, &services, &counters, None).unwrap();
        Self {
            admin: http::admin_router(services.clone(), counters),
            services,
            clock,
            mail,
            meta,
            router,
            _folder: folder,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// What whoever watches this application sees.
    pub(crate) async fn metrics(&self) -> String {
        let mut watcher = Browser {
            router: self.admin.clone(),
            cookies: BTreeMap::new(),
        };
        watcher.get("/metrics").await.body
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let fields = [
            ("lang", "fr"),
            ("email", email),
            ("password", seed::PASSWORD),
            ("next", "/settings"),
        ];
        let answer = browser.post("/api/session/sign-in", &fields).await;
        assert_eq!(answer.location(), "/fr/settings");
        browser
    }

    pub(crate) async fn run_due_jobs(&self) {
        job::run_due(&self.services).await.unwrap();
    }

    pub(crate) fn code_mailed_to(&self, email: &str) -> String {
        let letters = self.mail.letters();
        let letter = letters
            .iter()
            .rev()
            .find(|letter| letter.to.expose() == email && letter.subject.contains("code"))
            .unwrap();
        letter
            .text
            .lines()
            .find(|line| line.len() == 9 && line.replace(' ', "").parse::<u32>().is_ok())
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.services.db.number(sql, vec![]).await.unwrap()
    }

    pub(crate) async fn write(&self, sql: &'static str, values: Vec<Value>) {
        self.services.db.execute(sql, values).await.unwrap();
    }
}

/// With `QLIENTO_TEST_POSTGRES_URL`, a database of its own on that server; otherwise the deployment's file.
async fn database() -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    #[expect(
        clippy::disallowed_methods,
        reason = "the test runner says where its server is"
    )]
    let server = std::env::var("QLIENTO_TEST_POSTGRES_URL").ok()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("http_{}_{count}", std::process::id());
    Some(scratch::migrated(&server, &name).await.unwrap())
}

fn config(folder: &TempDir, database: Option<String>, more: &[(&str, String)]) -> Config {
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    std::fs::write(
        site.join("pkg/site.json"),
        r#"{"css":"q.1.css","js":"q.1.js","wasm":"q.1.wasm"}"#,
    )
    .unwrap();
    std::fs::write(site.join("pkg/q.1.css"), "body{}").unwrap();
    let mut settings = vec![
        ("public_url", ORIGIN.to_owned()),
        ("data_dir", folder.path().join("data").display().to_string()),
        ("site_root", site.display().to_string()),
    ];
    settings.extend(database.map(|url| ("database_url", url)));
    settings.extend(more.iter().cloned());
    let source = Source::read("", []).with_defaults(&settings);
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    Config::parse(source).unwrap()
}

/// Somebody's browser: keeps cookies, follows nothing by itself.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The same, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(
            Request::builder().method(Method::GET).uri(path),
            Body::empty(),
        )
        .await
    }

    /// Asks as some browsers and some pages do: with a method and a header of their own.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        (header, value): (&str, &str),
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header, value);
        self.send(request, Body::empty()).await
    }

    /// Posts a form as a browser does from our own page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        self.post_from(request, fields).await
    }

    pub(crate) async fn post_from(
        &mut self,
        request: axum::http::request::Builder,
        fields: &[(&str, &str)],
    ) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, body.len())
            .header(header::ACCEPT, "text/html");
        self.send(request, Body::from(body)).await
    }

    /// Posts a form with a file in it, as a browser does from our own page.
    pub(crate) async fn upload(&mut self, path: &str, fields: &[(&str, &[u8])]) -> Answer {
        const BOUNDARY: &str = "----qliento";
        let mut body = Vec::new();
        for (name, content) in fields {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.json\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind)
            .header(header::CONTENT_LENGTH, body.len());
        self.send(request, Body::from(body)).await
    }

    /// Posts a form and looks at the page that it leads to.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> (String, Answer) {
        let location = self.post(path, fields).await.location().to_owned();
        let page = self.get(&location).await;
        (location, page)
    }

    pub(crate) async fn confirm(&mut self, code: &str) -> (String, Answer) {
        self.submit(
            "/api/account/confirm-deletion",
            &[("lang", "fr"), ("code", code)],
        )
        .await
    }

    /// Leaves the first step; a code is on its way.
    pub(crate) async fn begin(&mut self) {
        let answer = self
            .post("/api/account/begin-deletion", &[("lang", "fr")])
            .await;
        assert_eq!(
            answer.location(),
            "/fr/settings/danger-zone/delete-account/code"
        );
    }

    pub(crate) async fn send(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .body(body)
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let bytes = to_bytes(body, 10_000_000).await.unwrap().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    fn keep(&mut self, cookie: &str) {
        assert!(
            cookie.starts_with("__Host-")
                && cookie.contains("Secure")
                && cookie.contains("HttpOnly"),
            "{cookie}"
        );
        assert!(
            cookie.contains("Path=/") && !cookie.contains("Domain"),
            "{cookie}"
        );
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

pub(crate) const fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}
