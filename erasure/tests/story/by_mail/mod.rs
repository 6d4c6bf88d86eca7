//! Somebody writes to the privacy address: it becomes a request, is answered with a private link, stated, proven and done; and
//! whoever forges a sender's name reaches nothing with it.

mod journey;
mod strangers;
mod threads;

use erasure::{
    id::Capability,
    intake::{self, Incoming, Taken},
    job,
    mail::Letter,
};

use crate::harness::World;

/// A letter with these headers.
fn letter(from: &str, headers: &str) -> Vec<u8> {
    let text = format!(
        "From: Somebody <{from}>\nTo: privacy@qliento.com\nSubject: My data\n{headers}\nHello, please delete my data, SECRETWORD.\n"
    );
    text.replace('\n', "\r\n").into_bytes()
}

/// A letter with a name of its own.
fn named(from: &str, id: &str) -> Vec<u8> {
    letter(from, &format!("Message-ID: <{id}>\n"))
}

impl World {
    async fn takes(&self, raw: &[u8]) -> Taken {
        let incoming = Incoming::new(raw, self.now());
        let taken = intake::take(&self.services, &incoming).await.unwrap();
        job::run_due(&self.services).await.unwrap();
        taken
    }

    /// The secret of the newest link that was mailed to somebody.
    fn link_of(&self, address: &str) -> Capability {
        let letters = self.letters_to(address);
        let answer = letters
            .iter()
            .rev()
            .find(|letter| letter.text.contains("/status/"));
        secret(answer.unwrap())
    }

    async fn originals(&self) -> i64 {
        self.number("SELECT count(*) FROM mail_originals").await
    }

    async fn requests(&self) -> i64 {
        self.number("SELECT count(*) FROM requests").await
    }
}

fn secret(letter: &Letter) -> Capability {
    let line = letter
        .text
        .split_whitespace()
        .find(|word| word.contains("/status/"))
        .unwrap();
    line.rsplit('/').next().unwrap().parse().unwrap()
}
