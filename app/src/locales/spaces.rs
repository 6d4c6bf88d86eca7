//! Guards the spaces of French that nobody sees: an editor or a careless hand replaces them with ordinary ones.

/// No sentence of this source may break before a sign or inside a quotation.
pub(super) fn check(source: &str) {
    let words = source.split("mod tests").next().unwrap();
    for sentence in words.lines().filter(|line| line.contains('"')) {
        for break_point in [" :", " ;", " ?", " !", " »", "« "] {
            let inside = sentence.split('"').skip(1).step_by(2);
            for text in inside {
                assert!(!text.contains(break_point), "{text:?}");
            }
        }
    }
}
