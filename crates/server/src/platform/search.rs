//! Finding members by what is known of the person. Personal data are sealed, so what they may be looked for by
//! is kept as marks: the beginning of a keyed hash of the beginning of a name, of an address, of the last digits
//! of a telephone number. A mark leads to candidates; what is found is unsealed and compared before anybody sees
//! it.

use std::collections::{BTreeSet, HashSet};

use lojal_core::kernel::{Instant, MemberId, Part};

use super::application::Application;
use super::cards::{CardNumber, card_find_by_number};
use super::database::Database;
use super::enrolment::{MemberRow, member_find, member_find_all, member_find_like, member_page, member_survivor};
use super::identity::{Identity, IdentityError, Vault, identity_find_all};
use super::journal::id;
use super::progress::{progress_find, progress_set};
use super::sql::{self, Connection, Statement, cells};

/// Letters that must be known before anything is looked for.
pub const FEWEST_LETTERS: usize = 3;
/// The beginnings of a word that have marks, beside the whole word.
const PREFIXES: [usize; 3] = [3, 4, 6];
/// The ends of a telephone number that have marks; the longest is a number without its country.
const SUFFIXES: [usize; 3] = [9, 6, 4];
/// Words of one person that are marked, and those that are marked in pairs.
const MOST_WORDS: usize = 8;
const MOST_PAIRED: usize = 4;
/// Candidates that are taken from each part.
const CANDIDATES_OF_A_PART: usize = 8;
/// Candidates that are unsealed together.
const PAGE: usize = 50;
/// Under which the jobs know by which release's marks everybody can be found.
const WORK: &str = "member_search";
/// Counts up when other marks are made.
const MARKS: i64 = 1;
const PURPOSE: &str = "member search";

/// What somebody typed to find a member by.
#[derive(Clone, PartialEq, Eq)]
pub struct Search {
    /// As it was typed, for ids of the shop.
    typed: String,
    sought: Sought,
}

#[derive(Clone, PartialEq, Eq)]
enum Sought {
    TooShort,
    /// The beginning of an e-mail address, with its `@`.
    Address(String),
    /// Digits of a telephone number.
    Phone(String),
    /// Beginnings of words of a name or an address.
    Words(Vec<String>),
}

/// Says nothing, so that no log ever shows a person.
impl std::fmt::Debug for Search {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Search")
    }
}

/// Who was found.
#[derive(Debug, Default)]
pub struct Found {
    pub members: Vec<MemberRow>,
    /// Whether there may be more.
    pub has_more: bool,
}

impl Search {
    pub fn new(typed: &str) -> Search {
        let typed = typed.trim();
        let folded = fold(typed);
        let words = words(&folded);
        let letters: usize = words.iter().map(|word| word.chars().count()).sum();
        let digits = digits(typed);
        let is_phone = digits.len() > FEWEST_LETTERS
            && typed.chars().all(|letter| letter.is_ascii_digit() || " +-()./".contains(letter));
        let sought = if letters < FEWEST_LETTERS {
            Sought::TooShort
        } else if folded.contains('@') {
            Sought::Address(folded)
        } else if is_phone {
            Sought::Phone(digits)
        } else {
            Sought::Words(words)
        };
        Search { typed: typed.to_owned(), sought }
    }

    /// Whether more letters are needed before a person can be found.
    pub fn is_too_short(&self) -> bool {
        self.sought == Sought::TooShort
    }

    /// What leads to candidates, the most exact first.
    fn marked(&self) -> Vec<String> {
        match &self.sought {
            Sought::TooShort => Vec::new(),
            Sought::Address(address) => {
                let local = address.split('@').next().unwrap_or_default();
                if local.is_empty() { Vec::new() } else { vec![address_mark(address), local_mark(local)] }
            }
            Sought::Phone(digits) => {
                let longest = SUFFIXES.into_iter().find(|length| digits.len() >= *length);
                longest.map(|length| phone_mark(&digits[digits.len() - length..])).into_iter().collect()
            }
            Sought::Words(words) => {
                let mut known: Vec<&String> = words.iter().collect();
                known.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
                match known.as_slice() {
                    [first, second, ..] if is_marked(second) || !is_marked(first) => vec![pair_mark(first, second)],
                    [first, ..] => {
                        let length = first.chars().count();
                        let prefix = PREFIXES.into_iter().rev().find(|prefix| *prefix <= length);
                        let prefix = prefix.map(|prefix| word_mark(beginning(first, prefix)));
                        [Some(whole_mark(first)), prefix].into_iter().flatten().collect()
                    }
                    [] => Vec::new(),
                }
            }
        }
    }

    /// Whether this is somebody who was looked for.
    fn matches(&self, identity: &Identity) -> bool {
        match &self.sought {
            Sought::TooShort => false,
            Sought::Address(address) => {
                identity.email.as_deref().is_some_and(|email| fold(email.trim()).starts_with(address.as_str()))
            }
            Sought::Phone(sought) => identity.phone.as_deref().is_some_and(|phone| {
                let phone = digits(phone);
                let national = sought.len().min(SUFFIXES[0]);
                phone.ends_with(&sought[sought.len() - national..])
            }),
            Sought::Words(sought) => {
                let words = words_of(identity);
                sought.iter().all(|sought| words.iter().any(|word| word.starts_with(sought.as_str())))
            }
        }
    }
}

/// The marks by which somebody can be found.
pub(super) fn search_marks(vault: &Vault, identity: &Identity) -> Vec<i64> {
    let words: Vec<String> = words_of(identity).into_iter().take(MOST_WORDS).collect();
    let mut texts = BTreeSet::new();
    for (index, word) in words.iter().enumerate() {
        texts.insert(whole_mark(word));
        let length = word.chars().count();
        texts.extend(
            PREFIXES.into_iter().filter(|prefix| *prefix <= length).map(|prefix| word_mark(beginning(word, prefix))),
        );
        let others = words.iter().take(MOST_PAIRED.min(index));
        texts.extend(others.filter(|_| index < MOST_PAIRED).map(|other| pair_mark(other, word)));
    }
    if let Some(email) = identity.email.as_deref().map(|email| fold(email.trim())) {
        texts.extend(email.split_once('@').map(|(local, _)| local_mark(local)));
        texts.insert(address_mark(&email));
    }
    if let Some(phone) = identity.phone.as_deref().map(digits) {
        let ends = SUFFIXES.into_iter().filter(|length| phone.len() >= *length);
        texts.extend(ends.map(|length| phone_mark(&phone[phone.len() - length..])));
    }
    let marks: BTreeSet<i64> = texts.iter().map(|text| mark(vault, text)).collect();
    marks.into_iter().collect()
}

/// The marks under which somebody stands who may be the same person: of the whole address, the whole number, and the
/// two longest words of the name.
pub(super) fn whole_marks(vault: &Vault, identity: &Identity) -> Vec<i64> {
    let mut texts = Vec::new();
    texts.extend(identity.email.as_deref().map(|email| address_mark(&fold(email.trim()))));
    let phone = identity.phone.as_deref().map(digits).unwrap_or_default();
    texts.extend(national(&phone).map(phone_mark));
    let mut names = words(&identity.name.as_deref().map(fold).unwrap_or_default());
    names.truncate(MOST_PAIRED);
    names.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    if let [one, other, ..] = names.as_slice() {
        texts.push(pair_mark(one, other));
    }
    texts.iter().map(|text| mark(vault, text)).collect()
}

/// A telephone number without its country, where it is all there.
fn national(digits: &str) -> Option<&str> {
    digits.len().checked_sub(SUFFIXES[0]).map(|start| &digits[start..])
}

pub(super) fn same_address(one: &Identity, other: &Identity) -> bool {
    let address = |identity: &Identity| identity.email.as_deref().map(|email| email.trim().to_lowercase());
    address(one).is_some_and(|known| address(other) == Some(known))
}

pub(super) fn same_phone(one: &Identity, other: &Identity) -> bool {
    let (one, other) = (one.phone.as_deref().map(digits), other.phone.as_deref().map(digits));
    let number = one.as_deref().and_then(national);
    number.is_some() && number == other.as_deref().and_then(national)
}

/// Whether two names have the same words, in whichever order.
pub(super) fn same_name(one: &Identity, other: &Identity) -> bool {
    let name = |identity: &Identity| -> BTreeSet<String> {
        words(&identity.name.as_deref().map(fold).unwrap_or_default()).into_iter().collect()
    };
    name(one).len() > 1 && name(one) == name(other)
}

fn mark(vault: &Vault, text: &str) -> i64 {
    let hash = vault.mark(PURPOSE, text.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(bytes)
}

fn word_mark(beginning: &str) -> String {
    format!("word {beginning}")
}

fn whole_mark(word: &str) -> String {
    format!("whole {word}")
}

/// Two words, in whichever order they are typed.
fn pair_mark(one: &str, other: &str) -> String {
    let (one, other) = (beginning(one, FEWEST_LETTERS), beginning(other, FEWEST_LETTERS));
    if one <= other { format!("pair {one} {other}") } else { format!("pair {other} {one}") }
}

fn local_mark(local: &str) -> String {
    format!("local {local}")
}

fn address_mark(address: &str) -> String {
    format!("address {address}")
}

fn phone_mark(end: &str) -> String {
    format!("phone {end}")
}

/// Whether a word is long enough for its beginning to be marked.
fn is_marked(word: &str) -> bool {
    word.chars().count() >= PREFIXES[0]
}

/// The first letters of a word.
fn beginning(word: &str, letters: usize) -> &str {
    word.char_indices().nth(letters).map_or(word, |(end, _)| &word[..end])
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The words of a person: those of the name first, then those of the address before its `@`.
fn words_of(identity: &Identity) -> Vec<String> {
    let name = identity.name.as_deref().map(fold).unwrap_or_default();
    let email = identity.email.as_deref().map(fold).unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default();
    let mut seen = HashSet::new();
    let all = words(&name).into_iter().chain(words(local));
    all.filter(|word| seen.insert(word.clone())).collect()
}

/// The different words of a text, in their order.
fn words(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| seen.insert(*word)).map(str::to_owned).collect()
}

/// Small letters without their strokes and dots: whoever types `zolw` finds `Żółw`.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ą' | 'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ă' => folded.push('a'),
            'ć' | 'č' | 'ç' => folded.push('c'),
            'ď' | 'đ' => folded.push('d'),
            'ę' | 'é' | 'è' | 'ê' | 'ë' | 'ě' | 'ė' => folded.push('e'),
            'ğ' => folded.push('g'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => folded.push('i'),
            'ł' | 'ľ' | 'ĺ' => folded.push('l'),
            'ń' | 'ñ' | 'ň' => folded.push('n'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ő' | 'ø' => folded.push('o'),
            'ř' => folded.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => folded.push('s'),
            'ß' => folded.push_str("ss"),
            'ť' | 'ţ' | 'ț' => folded.push('t'),
            'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ż' | 'ź' | 'ž' => folded.push('z'),
            // Accents that stand by themselves, as some systems write them.
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// What lets members be found by these marks as well.
pub(super) fn search_insert_all<'a>(marks: impl IntoIterator<Item = (MemberId, &'a [i64])>) -> Statement {
    let rows = marks.into_iter().flat_map(|(member, marks)| {
        marks.iter().map(move |mark| cells![member.part().number(), member.number(), *mark])
    });
    Statement::insert(
        "insert into member_search (part, member, mark) values",
        "on conflict (part, member, mark) do nothing",
        rows.collect(),
    )
}

/// What lets nobody find a member by personal data any more.
pub(super) fn search_erase(member: MemberId) -> Statement {
    let sql = "delete from member_search where part = ? and member = ?";
    Statement::plain(sql, cells![member.part().number(), member.number()])
}

/// Some of those who have a mark, the newest of each part, the newest first; and whether that is all of them.
pub(super) async fn candidates(connection: &mut Connection, mark: i64) -> Result<(Vec<MemberId>, bool), sql::Error> {
    let sql = "select member from member_search where part = ? and mark = ? order by member desc limit ?";
    let of_part = |part: Part| Statement::plain(sql, cells![part.number(), mark, CANDIDATES_OF_A_PART as i64]);
    let found = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let is_all = found.iter().all(|outcome| outcome.rows.len() < CANDIDATES_OF_A_PART);
    let rows = found.iter().flat_map(|outcome| &outcome.rows);
    let mut members =
        rows.map(|row| Ok(MemberId(id(sql::column(row, "member")?)?))).collect::<Result<Vec<_>, sql::Error>>()?;
    members.sort_unstable_by(|one, other| other.cmp(one));
    Ok((members, is_all))
}

impl Application {
    /// Those who have exactly this e-mail address, in whatever size of letters, the newest first. The address of an
    /// account that was merged is the survivor's, too.
    pub async fn members_with_address(&self, address: &str) -> Result<Vec<(MemberRow, Identity)>, IdentityError> {
        let address = address.trim().to_lowercase();
        let mut connection = self.database.read().await?;
        let mark = mark(&self.vault, &address_mark(&fold(&address)));
        let (members, _) = candidates(&mut connection, mark).await?;
        let mut people = identity_find_all(&mut connection, &self.vault, members.iter().copied()).await?;
        people.retain(|_, person| person.email.as_deref().is_some_and(|email| email.trim().to_lowercase() == address));
        let mut rows = member_find_all(&mut connection, people.keys().copied()).await?;
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        let mut found: Vec<(MemberRow, Identity)> = Vec::new();
        for row in rows {
            let Some(person) = people.remove(&row.id) else { continue };
            // An account that was merged is another one of the same person's.
            let row = member_survivor(&mut connection, row).await?;
            if found.iter().all(|(known, _)| known.id != row.id) {
                found.push((row, person));
            }
        }
        Ok(found)
    }

    /// At most `limit` members who are what was looked for: by an id or a card first, then by what is known of the person.
    pub async fn search_members(&self, search: &Search, limit: usize) -> Result<Found, IdentityError> {
        let mut connection = self.database.read().await?;
        let mut found = Vec::new();
        if let Ok(id) = search.typed.parse::<MemberId>() {
            found.extend(member_find(&mut connection, id).await?);
        }
        if let Some(number) = CardNumber::parse(&search.typed)
            && let Some(card) = card_find_by_number(&mut connection, &self.vault, &number).await?
        {
            found.extend(member_find(&mut connection, card.member).await?);
        }
        let named = member_find_like(&mut connection, &search.typed, limit + 1).await?;
        let is_meant =
            |row: &MemberRow| !row.is_erased() && (!search.is_too_short() || row.external_id == search.typed);
        found.extend(named.into_iter().filter(is_meant));
        let mut seen = HashSet::new();
        found.retain(|row| seen.insert(row.id));
        let mut has_more = false;
        for text in search.marked() {
            let (mut candidates, is_all) = candidates(&mut connection, mark(&self.vault, &text)).await?;
            has_more |= !is_all;
            candidates.retain(|member| seen.insert(*member));
            for page in candidates.chunks(PAGE) {
                if found.len() > limit {
                    break;
                }
                let people = identity_find_all(&mut connection, &self.vault, page.iter().copied()).await?;
                let is_meant = |member: &&MemberId| people.get(*member).is_some_and(|person| search.matches(person));
                let mut rows = member_find_all(&mut connection, page.iter().filter(is_meant).copied()).await?;
                rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
                found.extend(rows);
            }
        }
        has_more |= found.len() > limit;
        found.truncate(limit);
        Ok(Found { members: found, has_more })
    }
}

/// Makes marks for everybody whose personal data were written by a release that made none, or others.
/// Answers how many members were looked at.
pub async fn search_catch_up(database: &Database, vault: &Vault, now: Instant) -> Result<usize, IdentityError> {
    if progress_find(&mut *database.read().await?, Part::PROGRAMME, WORK).await? >= MARKS {
        return Ok(0);
    }
    let (mut seen, mut after) = (0, None);
    loop {
        let members = member_page(&mut *database.read().await?, after, PAGE).await?;
        let Some(last) = members.last() else { break };
        after = Some(last.id);
        seen += members.len();
        let mut transaction = database.write_aside().await?;
        // Whoever changes or erases one of these people waits at the key.
        let sql = "update member_key set wrapped = wrapped where part = ? and member = ?";
        let hold = |row: &MemberRow| Statement::plain(sql, cells![row.id.part().number(), row.id.number()]);
        sql::run_all(&mut transaction, members.iter().map(hold).collect()).await?;
        let people = identity_find_all(&mut transaction, vault, members.iter().map(|member| member.id)).await?;
        let mut statements: Vec<Statement> = people.keys().map(|member| search_erase(*member)).collect();
        let marks: Vec<(MemberId, Vec<i64>)> =
            people.iter().map(|(member, person)| (*member, search_marks(vault, person))).collect();
        statements.push(search_insert_all(marks.iter().map(|(member, marks)| (*member, marks.as_slice()))));
        sql::run_all(&mut transaction, statements).await?;
        transaction.commit().await?;
    }
    let mut transaction = database.write_aside().await?;
    progress_set(&mut transaction, Part::PROGRAMME, WORK, MARKS, now).await?;
    transaction.commit().await?;
    Ok(seen)
}
