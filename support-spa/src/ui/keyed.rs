//! Lists whose rows stay as long as their keys do, with one type for all of them.
//!
//! A row that stays is not touched: what is selected in it stays selected, what has the focus keeps it, and the browser has nothing to lay
//! out anew. Leptos's `For` takes all rows out and puts them in again when several come in above them, as older messages do.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::reactive_graph::{OwnedView, OwnedViewState};
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Node, Placeholder};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Position, PositionState};

/// What makes a row the same as before. The first half is an id, or a number where there is none; the second tells apart what an id alone
/// does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKey(pub u128, pub u64);

/// A row of a list.
pub struct Row {
    key: RowKey,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Row {
    /// A row. Its view is made when its key is new, and stays until the key is gone.
    pub fn new(key: RowKey, view: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, view: Box::new(view) }
    }
}

/// The rows that a closure gives, made anew only where their keys have changed.
///
/// For each type of rows and of keys everything that compares, moves and draws them is compiled once more. Boxed, there is one.
pub fn rows(each: impl Fn() -> Vec<Row> + Send + 'static) -> AnyView {
    let each: Box<dyn Fn() -> Vec<Row> + Send> = Box::new(each);
    // Each row has an owner of its own below the list's: one that stays keeps what it has made when others come.
    let owner = Owner::current().unwrap_or_default();
    (move || Rows { rows: each(), owner: owner.clone() }).into_any()
}

struct Rows {
    rows: Vec<Row>,
    owner: Owner,
}

type Drawn = OwnedViewState<AnyViewState>;

struct RowsState {
    parent: Option<Element>,
    end: Placeholder,
    drawn: Vec<(RowKey, Drawn)>,
}

/// What is done with a new row, and the row before which it then stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The row at this place was there before, and stays where it is.
    Stays(usize),
    /// The row at this place was there before, and goes before the other one; before none: to the end.
    Moves(usize, Option<usize>),
    /// It is new, and comes before the other one.
    Comes(Option<usize>),
}

/// What has to be done with each of the new rows, in their order. Those that no step names are gone.
///
/// One row that has moved, wherever to, is the only one that moves; any number of rows that come in somewhere move none.
fn steps(before: &[RowKey], now: &[RowKey]) -> Vec<Step> {
    let mut is_done = vec![false; before.len()];
    let mut at = 0;
    let mut is_kept = false;
    now.iter()
        .enumerate()
        .map(|(index, key)| {
            // The first row that is to stay, or may have to move later on: what comes, comes before it.
            while !is_kept && at < before.len() {
                is_kept = !is_done[at] && now[index..].contains(&before[at]);
                at += usize::from(!is_kept);
            }
            let elsewhere = || before.iter().zip(&is_done).position(|(known, is_done)| !is_done && known == key);
            let found = if before.get(at) == Some(key) { Some(at) } else { elsewhere() };
            // The one after it: then it is this one that has moved down, and is fetched when its turn comes.
            if found == Some(at + 1) {
                at += 1;
            }
            let next = (at < before.len()).then_some(at);
            match found {
                Some(place) => {
                    is_done[place] = true;
                    if place == at {
                        at += 1;
                        is_kept = false;
                        Step::Stays(place)
                    } else {
                        Step::Moves(place, next)
                    }
                }
                None => Step::Comes(next),
            }
        })
        .collect()
}

impl Rows {
    fn draw(owner: &Owner, row: Row) -> Drawn {
        let owner = owner.with(Owner::new);
        let view = owner.with(row.view);
        OwnedView::new_with_owner(view, owner).build()
    }
}

impl Render for Rows {
    type State = RowsState;

    fn build(self) -> RowsState {
        let Self { rows, owner } = self;
        let drawn = rows.into_iter().map(|row| (row.key, Self::draw(&owner, row))).collect();
        RowsState { parent: None, end: Rndr::create_placeholder(), drawn }
    }

    fn rebuild(self, state: &mut RowsState) {
        let Self { rows, owner } = self;
        let keys = |drawn: &[(RowKey, Drawn)]| drawn.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        let now: Vec<RowKey> = rows.iter().map(|row| row.key).collect();
        let steps = steps(&keys(&state.drawn), &now);
        let mut before: Vec<Option<Drawn>> = state.drawn.drain(..).map(|(_, drawn)| Some(drawn)).collect();
        // What a row comes before must still be in its place, so those that stay are taken over last.
        let mut drawn: Vec<Option<Drawn>> = Vec::with_capacity(now.len());
        for (row, step) in rows.into_iter().zip(&steps) {
            let (view, next) = match *step {
                Step::Stays(_) => {
                    drawn.push(None);
                    continue;
                }
                Step::Moves(place, next) => (before[place].take(), next),
                Step::Comes(next) => (Some(Self::draw(&owner, row)), next),
            };
            let Some(mut view) = view else { continue };
            if let Some(parent) = &state.parent {
                let end = Some(state.end.as_ref());
                match next.and_then(|next| before[next].as_ref()) {
                    Some(next) => next.insert_before_this_or_marker(parent, &mut view, end),
                    None => view.mount(parent, end),
                }
            }
            drawn.push(Some(view));
        }
        for (slot, step) in drawn.iter_mut().zip(&steps) {
            if let Step::Stays(place) = *step {
                *slot = before[place].take();
            }
        }
        for mut gone in before.into_iter().flatten() {
            gone.unmount();
        }
        state.drawn = now.into_iter().zip(drawn).filter_map(|(key, drawn)| Some((key, drawn?))).collect();
    }
}

impl Mountable for RowsState {
    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.parent = Some(parent.clone());
        for (_, row) in &mut self.drawn {
            row.mount(parent, marker);
        }
        self.end.mount(parent, marker);
    }

    fn unmount(&mut self) {
        for (_, row) in &mut self.drawn {
            row.unmount();
        }
        self.end.unmount();
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.drawn.first() {
            Some((_, first)) => first.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        self.drawn.iter().flat_map(|(_, row)| row.elements()).collect()
    }
}

impl AddAnyAttr for Rows {
    type Output<SomeNewAttr: Attribute> = Self;

    /// Rows have no attributes but their own.
    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

/// What `into_any` asks for. The page that is made beforehand has no lists.
impl RenderHtml for Rows {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        for row in self.rows {
            (row.view)().to_html_with_buf(buf, position, escape, mark_branches, extra_attrs.clone());
        }
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> RowsState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{RowKey, Step, steps};

    fn keys(letters: &str) -> Vec<RowKey> {
        letters.bytes().map(|letter| RowKey(u128::from(letter), 0)).collect()
    }

    /// Does with letters what is done with rows: answers what then stands there, and how many moved.
    fn follow(before: &str, now: &str) -> (String, usize) {
        let (known, wanted): (Vec<char>, Vec<char>) = (before.chars().collect(), now.chars().collect());
        let steps = steps(&keys(before), &keys(now));
        let mut page = known.clone();
        let mut moved = 0;
        for (step, row) in steps.iter().zip(&wanted) {
            let next = match *step {
                Step::Stays(_) => continue,
                Step::Moves(place, next) => {
                    moved += 1;
                    page.retain(|it| *it != known[place]);
                    next
                }
                Step::Comes(next) => next,
            };
            let at = next.and_then(|next| page.iter().position(|it| *it == known[next])).unwrap_or(page.len());
            page.insert(at, *row);
        }
        // What no step names is gone in the end.
        let is_named = |row: char| {
            steps.iter().any(|step| matches!(step, Step::Stays(place) | Step::Moves(place, _) if known[*place] == row))
        };
        page.retain(|row| is_named(*row) || !known.contains(row));
        (page.into_iter().collect(), moved)
    }

    #[test]
    fn rows_that_come_or_go_move_no_other() {
        for (before, now) in [
            ("", "abc"),
            ("abc", ""),
            ("abc", "xyzabc"),
            ("abc", "abcxyz"),
            ("abc", "axbycz"),
            ("abcdef", "bdf"),
            ("abcdef", "xbydzf"),
            ("abc", "xyz"),
        ] {
            assert_eq!(follow(before, now), (now.to_owned(), 0), "{before} to {now}");
        }
    }

    #[test]
    fn a_row_that_moves_is_the_only_one() {
        for (before, now) in
            [("abcde", "eabcd"), ("abcde", "bcdea"), ("abcde", "acbde"), ("abcde", "abdec"), ("abcde", "xdabcey")]
        {
            assert_eq!(follow(before, now), (now.to_owned(), 1), "{before} to {now}");
        }
    }

    #[test]
    fn every_order_becomes_every_other() {
        let mut orders = vec![String::new()];
        for letter in "abcde".chars() {
            let longer: Vec<String> = orders
                .iter()
                .flat_map(|order| {
                    (0..=order.len()).map(move |at| [&order[..at], letter.to_string().as_str(), &order[at..]].concat())
                })
                .collect();
            orders.extend(longer);
        }
        assert_eq!(orders.len(), 326);
        for before in &orders {
            for now in &orders {
                assert_eq!(follow(before, now).0, *now, "{before} to {now}");
            }
        }
    }
}
