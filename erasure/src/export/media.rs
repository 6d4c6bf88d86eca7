//! The media files of an organization, one after the other, each a piece at a time.

use std::fmt::Write as _;

use super::{
    Stop,
    package::{Package, Source},
    plan::Guard,
};
use crate::{
    db::value::args,
    id::OrganizationId,
    media::{MediaError, Pieces},
    services::Services,
};

/// Files whose names are read at once.
const PAGE: i64 = 200;
/// So many missing files are named; the others are counted.
const NAMED: usize = 1_000;

/// Files that the table names and the store does not have.
#[derive(Default)]
pub(super) struct MissingFiles {
    named: Vec<String>,
    pub(super) count: u64,
    pub(super) packed: u64,
}

impl MissingFiles {
    fn note(&mut self, id: &str) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(id.to_owned());
        }
    }

    /// Their ids, and how many more there are.
    pub(super) fn text(&self) -> String {
        let mut text = self.named.join("\n");
        let more = self.count - u64::try_from(self.named.len()).unwrap_or(self.count);
        if more > 0 {
            let _ = write!(text, "\n+ {more}");
        }
        text.push('\n');
        text
    }
}

/// Packs the files of an organization.
pub(super) async fn pack(
    services: &Services,
    guard: &Guard,
    package: &mut Package,
    organization: &str,
    missing: &mut MissingFiles,
) -> Result<(), Stop> {
    let organization = OrganizationId::stored(organization.to_owned());
    let mut behind = String::new();
    loop {
        let files: Vec<(String, String)> = services
            .db
            .fetch_all(
                "-- media_files_behind
                 SELECT id, file_name FROM media_files WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                args![&organization, behind.as_str(), PAGE],
            )
            .await?;
        let Some((last, _)) = files.last() else {
            return Ok(());
        };
        behind = last.clone();
        for (id, file_name) in files {
            guard.check(services).await?;
            match services.media.read(&organization, &id).await {
                Ok(Some(pieces)) => {
                    let name = format!("media/{id}{}", ending(&file_name));
                    package.stored_file(&name, &mut File(pieces)).await?;
                    missing.packed += 1;
                }
                // What lies there is no file of theirs, or nothing: the rest is worth having.
                Ok(None) | Err(MediaError::NotAFile(_)) => missing.note(&id),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The ending of a name that somebody gave a file, if it is a plain one: `.jpg`.
fn ending(file_name: &str) -> String {
    match file_name.rsplit_once('.') {
        Some((_, ending))
            if (1..=8).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!(".{}", ending.to_ascii_lowercase())
        }
        _ => String::new(),
    }
}

struct File(Box<dyn Pieces>);

impl Source for File {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        Ok(self.0.next().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_files_name_but_a_plain_ending_gets_into_the_zip() {
        for (name, kept) in [
            ("Photo de vacances.JPG", ".jpg"),
            ("../../etc/passwd", ""),
            ("x./../../y", ""),
            ("no ending", ""),
            ("evil.j/pg", ""),
            ("a.b.c.pdf", ".pdf"),
            ("x.", ""),
            ("x.éxe", ""),
            ("x.waytoolongending", ""),
        ] {
            assert_eq!(ending(name), kept, "{name}");
        }
    }

    #[test]
    fn many_missing_files_are_counted_rather_than_listed() {
        let mut missing = MissingFiles::default();
        for number in 0..1_500 {
            missing.note(&number.to_string());
        }

        let text = missing.text();
        assert!(
            text.starts_with("0\n1\n") && text.ends_with("999\n+ 500\n"),
            "{text}"
        );
    }
}
