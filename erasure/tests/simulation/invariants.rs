//! What must hold at the end of every bad day, once faults have stopped.

use std::{collections::BTreeMap, time::Duration};

use erasure::{job, retention};

use crate::harness::World;

/// Every value of every organization's rows, by the organization's id.
type Everything = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// A world before anything is asked of it.
pub(crate) struct Before {
    /// What each organization holds.
    pub(crate) held: Everything,
    /// A contact of each.
    pub(crate) people: Vec<Someone>,
}

impl Before {
    pub(crate) async fn of(world: &World) -> Self {
        Self {
            held: everything(world).await,
            people: somebody_of_each(world).await,
        }
    }
}

/// One contact of an organization, and the ids of everything that is theirs.
pub(crate) struct Someone {
    pub(crate) slug: String,
    pub(crate) organization: String,
    pub(crate) phone: String,
    ids: Vec<String>,
}

/// The first contact of each organization.
async fn somebody_of_each(world: &World) -> Vec<Someone> {
    let mut all = Vec::new();
    for slug in world
        .texts("SELECT slug FROM organizations ORDER BY slug")
        .await
    {
        let organization = world.organization(&slug).await;
        let contact = world
            .text(&format!(
                "SELECT contact_id FROM conversations WHERE organization_id = '{organization}' ORDER BY contact_id LIMIT 1"
            ))
            .await;
        let talks = format!("SELECT id FROM conversations WHERE contact_id = '{contact}'");
        let mut ids = world
            .texts(&format!(
                "{talks} UNION SELECT id FROM messages WHERE conversation_id IN ({talks})"
            ))
            .await;
        let phone = world
            .text(&format!(
                "SELECT value FROM contact_identities WHERE contact_id = '{contact}' AND kind = 'phone'"
            ))
            .await;
        ids.push(contact);
        all.push(Someone {
            slug,
            organization,
            phone,
            ids,
        });
    }
    all
}

impl Someone {
    /// What an organization held or holds, without what is theirs.
    fn taken_out_of(&self, held: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
        let is_theirs = |row: &&String| self.ids.iter().any(|id| row.contains(id.as_str()));
        held.iter()
            .map(|(table, rows)| {
                let rows = rows.iter().filter(|row| !is_theirs(row)).cloned();
                (table.clone(), rows.collect())
            })
            .collect()
    }
}

/// What each organization holds.
async fn everything(world: &World) -> Everything {
    let mut everything = BTreeMap::new();
    for id in world.texts("SELECT id FROM organizations").await {
        everything.insert(id.clone(), world.everything_of(&id).await);
    }
    everything
}

/// Lets time pass until nothing is left to do; a job that never ends breaks the first invariant.
pub(crate) async fn calm_down(world: &World) {
    for _ in 0..40 {
        world.advance(Duration::from_mins(15));
        job::run_due(&world.services).await.unwrap();
        if world.open_jobs().await.is_empty() {
            retention::sweep(&world.services).await.unwrap(); // as a worker does
            return;
        }
    }
    panic!("a job does not end: {:?}", world.open_jobs().await);
}

/// `asked` are the ids of organizations whose erasure somebody with the right to it began; that of a contact may have begun too.
pub(crate) async fn hold(world: &World, before: &Before, asked: &[String]) {
    let Before { held, people } = before;
    let now = world.now().as_millis();
    let unfinished = world
        .texts("SELECT state FROM erasures WHERE state <> 'completed' OR receipt IS NULL")
        .await;
    assert_eq!(unfinished, [""; 0], "an erasure without an end");

    for (id, held) in held {
        let erasures = world
            .number(&format!(
                "SELECT count(*) FROM erasure_subjects WHERE subject_id = '{id}'"
            ))
            .await;
        if erasures == 0 {
            untouched_but_for(world, id, held, people).await;
            continue;
        }
        assert!(asked.contains(id), "{id} was erased, but nobody asked");
        assert_eq!(erasures, 1, "{id} was erased twice");
        for (table, rows) in world.rows_of(id).await {
            assert_eq!(rows, 0, "{table} still holds rows of {id}");
        }
        assert!(!world.media_folder(id).exists(), "files of {id} are left");
    }
    for receipt in world.texts("SELECT receipt FROM erasures").await {
        let receipt: erasure::receipt::Receipt = serde_json::from_str(&receipt).unwrap();
        for category in &receipt.categories {
            assert_eq!(category.erased, category.found, "{category:?}");
        }
    }
    nothing_is_kept_too_long(world, now).await;
}

/// The organization stays; of its contacts only those went whose erasure began.
async fn untouched_but_for(
    world: &World,
    organization: &str,
    held: &BTreeMap<String, Vec<String>>,
    people: &[Someone],
) {
    let erased = world
        .texts(&format!(
            "SELECT subject_id FROM erasure_subjects WHERE kind = 'contact' AND subject_id LIKE '{organization}/%'"
        ))
        .await;
    assert!(erased.len() < 2, "a contact was erased twice: {erased:?}");
    let mut left = world.everything_of(organization).await;
    let Some(subject) = erased.first() else {
        assert_eq!(&left, held, "{organization} was touched");
        return;
    };
    let someone = people
        .iter()
        .find(|someone| subject.ends_with(someone.ids.last().unwrap().as_str()))
        .unwrap_or_else(|| panic!("{subject} was erased, but nobody asked"));
    // What keeps them from coming back is new, and there for them alone.
    let kept_away = left.insert("suppressions".to_owned(), vec![]).unwrap();
    assert!(!kept_away.is_empty(), "{subject} may come back");
    assert_eq!(
        left,
        someone.taken_out_of(held),
        "more or less than one contact of {organization} went"
    );
}

/// Nothing without a basis, nothing past its end, no address that nobody needs any more.
async fn nothing_is_kept_too_long(world: &World, now: i64) {
    for (what, count) in [
        (
            "an archive without a basis or past its end",
            format!(
                "{} WHERE basis = '' OR keep_until <= {now}",
                world.archive_table("archives")
            ),
        ),
        (
            "an event past its end",
            format!("anonymous_security_events WHERE keep_until <= {now}"),
        ),
        ("a letter", "letters".to_owned()),
        ("what names somebody", "erasure_identifiers".to_owned()),
        (
            "the address of a letter that is sent",
            "erasures WHERE recipient_sealed IS NOT NULL".to_owned(),
        ),
    ] {
        let left = world.number(&format!("SELECT count(*) FROM {count}")).await;
        assert_eq!(left, 0, "{what} is kept");
    }
}
