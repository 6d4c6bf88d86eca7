//! What only the database's own journal may still hold: said to the person on their receipt.

use erasure::{locale::Locale, receipt::Journal};

/// Words about the journal.
struct Words {
    /// How it ends, with the amount of writes that end it.
    overwritten: fn(&str) -> String,
    held_for_replicas: &'static str,
    is_archived: &'static str,
}

const FR: Words = Words {
    overwritten: |amount| {
        format!(
            "Une seule trace s’efface un peu plus tard : le journal technique de la base de données, que seuls ses \
             administrateurs peuvent ouvrir. Ce qu’il contient encore est écrasé au fil de l’activité, au plus tard après \
             {amount} de nouvelles écritures."
        )
    },
    held_for_replicas: "Si une copie de secours de la base prend du retard, le journal l’attend.",
    is_archived: "Les copies de ce journal gardées avec les sauvegardes disparaissent en même temps qu’elles.",
};

const EN: Words = Words {
    overwritten: |amount| {
        format!(
            "Only one trace goes a little later: the database’s technical journal, which only its administrators can open. \
             What it still holds is overwritten as work goes on, at the latest after {amount} of further writes."
        )
    },
    held_for_replicas: "If a standby copy of the database falls behind, the journal waits for it.",
    is_archived: "Copies of this journal that are kept with the backups go when they do.",
};

/// The whole paragraph.
pub(crate) fn sentences(locale: Locale, journal: Journal) -> String {
    let words = match locale {
        Locale::Fr => &FR,
        Locale::En => &EN,
    };
    let amount = amount(locale, journal.overwritten_after_bytes);
    let mut sentences = vec![(words.overwritten)(&amount)];
    if journal.held_for_replicas {
        sentences.push(words.held_for_replicas.to_owned());
    }
    if journal.is_archived {
        sentences.push(words.is_archived.to_owned());
    }
    sentences.join(" ")
}

/// "1,1 Go", "1.1 GB": rounded up to a tenth, because it is a bound.
fn amount(locale: Locale, bytes: i64) -> String {
    let tenths = u64::try_from(bytes)
        .unwrap_or(0)
        .div_ceil(100_000_000)
        .max(1);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    match locale {
        Locale::Fr => format!("{whole},{tenth}\u{a0}Go"),
        Locale::En => format!("{whole}.{tenth} GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_rounded_up_and_written_as_each_language_does() {
        assert_eq!(amount(Locale::En, 1_073_741_824), "1.1 GB");
        assert_eq!(amount(Locale::Fr, 1_073_741_824), "1,1\u{a0}Go");
        assert_eq!(amount(Locale::En, 1), "0.1 GB");
    }

    #[test]
    fn only_what_is_so_is_said() {
        let journal = |held_for_replicas, is_archived| Journal {
            overwritten_after_bytes: 2_000_000_000,
            held_for_replicas,
            is_archived,
        };
        for locale in [Locale::Fr, Locale::En] {
            let short = sentences(locale, journal(false, false));
            let long = sentences(locale, journal(true, true));
            assert_eq!(short.matches('.').count() + 2, long.matches('.').count());
            assert!(long.starts_with(&short));
        }
    }
}
