//! Members of the staff in browsers without JavaScript.

use std::time::Duration;

use axum::http::StatusCode;
use erasure::{
    locale::Locale,
    network::Network,
    staff::{self, Enrolment, RecoveryCode, Role, SetUp, Who},
    time::{Clock as _, Timestamp},
};
use totp_rs::{Builder, Secret, Totp};

use crate::harness::{Browser, TestApp};

pub(crate) const PASSWORD: &str = "le chat dort sur le toit";

/// A member, and what is on their telephone.
pub(crate) struct Colleague {
    pub(crate) email: String,
    pub(crate) codes: Vec<RecoveryCode>,
    app: Totp,
}

impl Colleague {
    /// A code that was not used before: half a minute later there is a new one.
    pub(crate) fn fresh_code(&self, app: &TestApp) -> String {
        app.clock.advance(Duration::from_secs(30));
        shown(&self.app, app.clock.now())
    }
}

/// What an authenticator app with this key shows now.
pub(crate) fn code_of(letters: &str, app: &TestApp) -> String {
    shown(&scan(letters), app.clock.now())
}

fn scan(letters: &str) -> Totp {
    let secret = Secret::try_from_base32(letters.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

fn shown(app: &Totp, now: Timestamp) -> String {
    let seconds = u64::try_from(now.as_millis() / 1_000).unwrap();
    app.generate(seconds).to_string()
}

impl TestApp {
    /// A member who is set up.
    pub(crate) async fn colleague(&self, name: &str, role: Role) -> Colleague {
        let (services, network) = (&self.services, Network::unknown());
        let email = format!("{name}@qliento.example");
        let address = email.parse().unwrap();
        let capability = staff::add(services, Who::Operator, &address, role, Locale::Fr)
            .await
            .unwrap();
        let invited = staff::invited(services, &capability)
            .await
            .unwrap()
            .unwrap();
        let enrolment = Enrolment::mint(services, &invited.id);
        let app = scan(&enrolment.letters());
        let typed = SetUp {
            password: PASSWORD.into(),
            code: shown(&app, self.clock.now()).into(),
            locale: Locale::Fr,
        };
        staff::set_up(services, &capability, &enrolment, &typed, &network)
            .await
            .unwrap();
        Colleague {
            email,
            codes: enrolment.codes().to_vec(),
            app,
        }
    }

    /// A browser in which this member is signed in to the console.
    pub(crate) async fn in_console(&self, colleague: &Colleague) -> Browser {
        let mut browser = self.browser();
        let code = colleague.fresh_code(self);
        let (location, page) = browser.enter(&colleague.email, PASSWORD, &code).await;
        assert!(location.starts_with("/fr/console"), "{location}");
        assert_ne!(page.status, StatusCode::UNAUTHORIZED);
        browser
    }
}

impl Browser {
    /// Fills in the console's sign-in and looks at the page that it leads to.
    pub(crate) async fn enter(
        &mut self,
        email: &str,
        password: &str,
        code: &str,
    ) -> (String, crate::harness::Answer) {
        let fields = [
            ("lang", "fr"),
            ("next", "/console/account"),
            ("email", email),
            ("password", password),
            ("code", code),
        ];
        self.submit("/api/console/sign-in", &fields).await
    }
}
