//! Members of the staff, with their authenticator apps.

use std::time::Duration;

use erasure::{
    id::{Capability, StaffId},
    locale::Locale,
    network::Network,
    person::EmailAddress,
    session::{SessionToken, SignInError},
    staff::{self, Enrolment, RecoveryCode, Role, SetUp, Staff, StaffCredentials, Who},
    time::Timestamp,
};
use totp_rs::{Builder, Secret, Totp};

use crate::harness::World;

pub(crate) const PASSWORD: &str = "le chat dort sur le toit";

/// An authenticator app that has scanned the picture.
pub(crate) struct App(Totp);

impl App {
    pub(crate) fn scan(letters: &str) -> Self {
        let secret = Secret::try_from_base32(letters.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    pub(crate) fn shows(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.as_millis() / 1_000).unwrap();
        self.0.generate(seconds).to_string()
    }
}

/// A member who is set up.
pub(crate) struct Colleague {
    pub(crate) id: StaffId,
    pub(crate) email: EmailAddress,
    pub(crate) app: App,
    pub(crate) codes: Vec<RecoveryCode>,
}

impl Colleague {
    /// A code that was not used before: half a minute later there is a new one.
    pub(crate) fn fresh_code(&self, world: &World) -> String {
        world.advance(Duration::from_secs(30));
        self.app.shows(world.now())
    }
}

impl World {
    /// A world with nobody in it yet.
    pub(crate) async fn with_console() -> Self {
        Self::with_organizations(0).await
    }

    /// Adds a member as the operator does; the answer opens their set-up page.
    pub(crate) async fn invite(&self, email: &str, role: Role) -> Capability {
        let email = email.parse().unwrap();
        staff::add(&self.services, Who::Operator, &email, role, Locale::Fr)
            .await
            .unwrap()
    }

    pub(crate) async fn accept(&self, capability: &Capability) -> Colleague {
        let invited = staff::invited(&self.services, capability)
            .await
            .unwrap()
            .unwrap();
        let enrolment = Enrolment::mint(&self.services, &invited.id);
        let app = App::scan(&enrolment.letters());
        let code = app.shows(self.now());
        self.set_up(capability, &enrolment, PASSWORD, &code)
            .await
            .unwrap();
        Colleague {
            codes: enrolment.codes().to_vec(),
            id: invited.id,
            email: invited.email,
            app,
        }
    }

    pub(crate) async fn set_up(
        &self,
        capability: &Capability,
        enrolment: &Enrolment,
        password: &str,
        code: &str,
    ) -> Result<SessionToken, staff::SetUpError> {
        let typed = SetUp {
            password: password.into(),
            code: code.into(),
            locale: Locale::Fr,
        };
        let network = Network::unknown();
        staff::set_up(&self.services, capability, enrolment, &typed, &network).await
    }

    /// A member who is set up: `officer@qliento.example`.
    pub(crate) async fn colleague(&self, name: &str, role: Role) -> Colleague {
        let capability = self.invite(&format!("{name}@qliento.example"), role).await;
        self.accept(&capability).await
    }

    pub(crate) async fn enter(
        &self,
        email: &EmailAddress,
        password: &str,
        code: &str,
    ) -> Result<SessionToken, SignInError> {
        let credentials = StaffCredentials {
            email: email.expose().to_owned(),
            password: password.into(),
            code: code.into(),
        };
        staff::sign_in(&self.services, &credentials, &Network::unknown()).await
    }

    pub(crate) async fn token_of(&self, colleague: &Colleague) -> SessionToken {
        let code = colleague.fresh_code(self);
        self.enter(&colleague.email, PASSWORD, &code).await.unwrap()
    }

    /// A member who has just signed in.
    pub(crate) async fn signed_in(&self, colleague: &Colleague) -> Staff {
        let token = self.token_of(colleague).await;
        self.staff(&token).await.unwrap()
    }

    pub(crate) async fn staff(&self, token: &SessionToken) -> Option<Staff> {
        staff::resume(&self.services, token.expose()).await.unwrap()
    }

    /// What is on record, the oldest first: role, act, outcome, detail.
    pub(crate) async fn record(&self) -> Vec<String> {
        self.texts(
            "SELECT role || ' ' || act || ' ' || outcome || COALESCE(' ' || detail, '')
             FROM staff_audit ORDER BY position",
        )
        .await
    }
}
