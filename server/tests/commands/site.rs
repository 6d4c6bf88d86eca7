//! A program that serves, over real sockets, and a browser without JavaScript that visits it.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Response, StatusCode, header, redirect::Policy};

use crate::harness::Deployment;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that serves.
pub(crate) struct Site {
    pub(crate) printed: String,
    log: PathBuf,
    program: Child,
}

impl Site {
    /// Starts it, and waits for the line that it prints when it can be used.
    pub(crate) fn start(mut command: Command, deployment: &Deployment, last_line: &str) -> Self {
        let log = deployment.folder.path().join("log");
        command
            .env("QLIENTO_LISTEN", "127.0.0.1:0")
            .env("QLIENTO_SITE_ROOT", deployment.site())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap());
        let mut program = command.spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        while !printed.contains(last_line) {
            let line = lines.next().map(Result::unwrap);
            let line = line.unwrap_or_else(|| panic!("{}", std::fs::read_to_string(&log).unwrap()));
            printed.push_str(&line);
            printed.push('\n');
        }
        Self {
            printed,
            log,
            program,
        }
    }

    /// The address that stands behind this text in what was printed.
    pub(crate) fn address(&self, text: &str) -> String {
        let (_, rest) = self.printed.split_once(text).unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop, as an init system does.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let process = self.program.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status();
        assert!(asked.unwrap().success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.program.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Somebody's browser: keeps its session, follows nothing by itself.
pub(crate) struct Visitor {
    client: reqwest::Client,
    site: String,
    pub(crate) session: String,
}

impl Visitor {
    pub(crate) fn of(site: &str) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none());
        Self {
            client: client.build().unwrap(),
            site: site.to_owned(),
            session: String::new(),
        }
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(site: &str, email: &str) -> Self {
        let mut visitor = Self::of(site);
        let fields = [
            ("lang", "en"),
            ("email", email),
            ("password", erasure::seed::PASSWORD),
            ("next", "/settings"),
        ];
        assert_eq!(
            visitor.submit("/api/session/sign-in", &fields).await,
            "/en/settings"
        );
        visitor
    }

    pub(crate) async fn page(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.site));
        request
            .header(header::COOKIE, self.cookie())
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let page = self.page(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        page.text().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }

    /// Posts a form and says where it leads.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self.client.post(format!("{}{path}", self.site));
        let answer = request
            .header(header::COOKIE, self.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            if let Some(rest) = cookie.strip_prefix("__Host-session=") {
                self.session = rest.split(';').next().unwrap().to_owned();
            }
        }
        let location = answer.headers().get(header::LOCATION).unwrap();
        location.to_str().unwrap().to_owned()
    }

    /// Looks until the JSON at this address is as it should be.
    pub(crate) async fn wait_for(
        &self,
        path: &str,
        is_so: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let (mut looks, began) = (
            tokio::time::interval(Duration::from_millis(50)),
            Instant::now(),
        );
        loop {
            looks.tick().await;
            let seen = self.json(path).await;
            if is_so(&seen) {
                return seen;
            }
            assert!(began.elapsed() < PATIENCE, "{seen}");
        }
    }

    fn cookie(&self) -> String {
        format!("__Host-session={}", self.session)
    }
}
