//! Verbs for somebody who asks without an account.

use erasure::{
    id::Capability,
    job,
    network::Network,
    person::Identity,
    request::{
        BusinessName, Channel, Role, Stage, clock,
        proof::{self, SendCodeError, VerifyError},
        status::{self, Status},
        submit::{self, Ask, Asker, Once, Statement, Submitted},
    },
};

use crate::harness::World;

/// An address that no account has.
pub(crate) const NOBODY: &str = "nobody@example.fr";

/// What somebody asks for; the rest is as usual.
pub(crate) fn ask(role: Role, identity: Identity) -> Ask {
    Ask {
        channel: Channel::Form,
        asker: Asker::new(role, identity).unwrap(),
        business: None,
        contact: None,
        locale: erasure::locale::Locale::En,
        statement: Statement::made(true).unwrap(),
    }
}

pub(crate) fn mailbox(address: &str) -> Identity {
    Identity::Email(address.parse().unwrap())
}

pub(crate) fn number(digits: &str) -> Identity {
    Identity::Phone(erasure::person::PhoneNumber::from_wa_id(digits).unwrap())
}

/// A network of its own for each number.
pub(crate) fn network(of: u8) -> Network {
    Network::from_ip(std::net::IpAddr::from([192, 0, 2, of]))
}

impl World {
    pub(crate) async fn submit(&self, ask: &Ask) -> Submitted {
        submit::submit(&self.services, ask, Once::Never, &Network::unknown())
            .await
            .unwrap()
    }

    /// Somebody who lost access to an account asks for its deletion.
    pub(crate) async fn asks_by_mail(&self, address: &str) -> Submitted {
        self.submit(&ask(Role::AccountHolder, mailbox(address)))
            .await
    }

    pub(crate) async fn status(&self, capability: &Capability) -> Status {
        status::find(&self.services, capability)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn stage(&self, capability: &Capability) -> Stage {
        self.status(capability).await.state
    }

    /// The newest code that was mailed to somebody to show that the address is theirs.
    pub(crate) fn verification_code(&self, address: &str) -> String {
        let letters = self.letters_to(address);
        let letter = letters
            .iter()
            .rev()
            .find(|letter| {
                letter.subject.contains("verification code")
                    || letter.subject.contains("code de vérification")
            })
            .unwrap();
        let is_code = |line: &&str| line.len() == 9 && line.replace(' ', "").parse::<u32>().is_ok();
        letter.text.lines().find(is_code).unwrap().to_owned()
    }

    pub(crate) async fn ask_for_code(
        &self,
        capability: &Capability,
        from: &Network,
    ) -> Result<erasure::account::CodeSent, SendCodeError> {
        proof::send_code(&self.services, capability, from).await
    }

    pub(crate) async fn verify(
        &self,
        capability: &Capability,
        code: &str,
    ) -> Result<(), VerifyError> {
        proof::verify(&self.services, capability, code, &Network::unknown()).await
    }

    /// From the question to the proof.
    pub(crate) async fn proves_by_mail(&self, address: &str) -> Submitted {
        let submitted = self.asks_by_mail(address).await;
        let code = self.verification_code(address);
        self.verify(&submitted.capability, &code).await.unwrap();
        submitted
    }

    /// As the worker's loops do, together.
    pub(crate) async fn work(&self) {
        clock::tick(&self.services).await.unwrap();
        job::run_due(&self.services).await.unwrap();
    }
}

pub(crate) fn business(name: &str) -> BusinessName {
    name.parse().unwrap()
}

pub(crate) const fn days(count: u64) -> std::time::Duration {
    std::time::Duration::from_hours(count * 24)
}
