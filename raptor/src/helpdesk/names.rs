//! What customers must not learn: who makes the help desk, and where it stands.

use crate::html::Concealed;

/// The product and its maker, as they are written.
const NAMES: [&str; 5] = ["FreeScout", "Free Scout", "Free-Scout", "Free_Scout", "TagRas"];

/// What the product puts below mail: its own addresses, and a line about itself.
const IMPRINTS: [&str; 3] = ["freescout.net", "freescout.com", "powered by FreeScout"];

/// What is taken out of texts, by who wrote them.
#[derive(Debug)]
pub struct Names {
    team: Concealed,
    mailed: Concealed,
}

impl Names {
    pub(super) fn new(host: &str) -> Self {
        Self {
            team: Concealed::new(NAMES.into_iter().chain([host])),
            mailed: Concealed::new(IMPRINTS.into_iter().chain([host])),
        }
    }

    /// For what the team, the help desk and mail programs wrote: names and addresses.
    #[must_use]
    pub fn of_team(&self) -> &Concealed {
        &self.team
    }

    /// For what a customer wrote in a mail: addresses and imprints alone. Somebody who asks about a product by its name reads their own
    /// question again.
    #[must_use]
    pub fn of_mail(&self) -> &Concealed {
        &self.mailed
    }

    /// The name of a file of the team's.
    pub(super) fn file_name(&self, name: String) -> String {
        if !self.team.is_in(&name) {
            return name;
        }
        match name.rsplit_once('.') {
            Some((_, ending)) if !self.team.is_in(ending) => format!("attachment.{ending}"),
            _ => "attachment".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_endings_and_lose_the_name() {
        let names = Names::new("desk.example");
        for (name, shown) in [
            ("invoice.pdf", "invoice.pdf"),
            ("FreeScout guide.pdf", "attachment.pdf"),
            ("a.freescout", "attachment"),
            ("export-desk.example", "attachment.example"),
            ("free%73cout.csv", "attachment.csv"),
        ] {
            assert_eq!(names.file_name(name.to_owned()), shown);
        }
    }

    #[test]
    fn a_customers_question_is_theirs_and_an_imprint_is_not() {
        let names = Names::new("desk.example");
        let mail = "do you use FreeScout? Support powered by FreeScout, https://landing.freescout.net/?x";
        assert_eq!(names.of_mail().clean(mail), "do you use FreeScout? Support \u{2026}, \u{2026}");
        assert_eq!(names.of_team().clean(mail), "do you use \u{2026}? Support powered by \u{2026}, \u{2026}");
    }
}
