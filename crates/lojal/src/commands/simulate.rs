use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use lojal_core::kernel::{Instant, parse_decimal};
use lojal_core::programme::Programme;
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::journal::History;
use lojal_simulation::adapting::Adapting;
use lojal_simulation::replay::{CERTAIN, Comparison, MEMORY, Manner, Outcome, Redemption, Side, run};

use super::files::Files;
use super::programme::compiled;
use super::{Folder, print, read_text};
use crate::failure::Failure;
use crate::progress;
use crate::simulate::{Export, Range, Setting, with_settings};
use crate::texts::Texts;
use lojal_report::simulation::{ASSUMED, Against, Fit, Goal, Report, Sweep, SweepPoint};

#[derive(Args)]
pub struct Simulate {
    /// The programme to try
    file: PathBuf,
    /// The programme to compare it with. Else the one in force, when the history of a data folder is replayed
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// An order export to replay, as `import orders` reads it; needs --map
    #[arg(long, value_name = "FILE", requires = "map")]
    orders: Option<PathBuf>,
    /// How the columns of the export become orders (TOML)
    #[arg(long, value_name = "FILE", requires = "orders")]
    map: Option<PathBuf>,
    /// Replay what the data folder records; so it is when no export is named
    #[arg(long, conflicts_with = "orders")]
    history: bool,
    /// How members take rewards: nobody, recorded, fitted (as often as the shop's own members do), or so often
    /// after an order with which they can afford one: 20%. Else fitted for a history, and 20% for an export
    #[arg(long, value_name = "MODEL")]
    redemption: Option<Model>,
    /// Change a setting of the programme: earning.spend.rate=2. As often as you like
    #[arg(long, value_name = "PLACE=VALUE")]
    set: Vec<Setting>,
    /// Try a setting over a range: earning.spend.rate=1..3:0.5
    #[arg(long, value_name = "PLACE=FIRST..LAST:STEP")]
    sweep: Option<Range>,
    /// What the sweep draws the cost against
    #[arg(long, value_enum, default_value_t = GoalName::Reached, requires = "sweep")]
    goal: GoalName,
    /// For one percentage point more or less given back, members spend so many per cent more or less. Off unless
    /// stated: no history can tell it
    #[arg(long, value_name = "PERCENT", value_parser = thousandths)]
    elasticity: Option<i64>,
    /// The same seed gives the same report
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop there. A day is its first moment in the programme's zone. Else now, or with the last
    /// order of an export
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    folder: Folder,
}

/// What is asked of `--goal`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum GoalName {
    /// The share of members who could afford a reward at some moment
    Reached,
    /// Rewards that were taken
    Redemptions,
    /// What is given for what is paid
    Generosity,
    /// The share of members above the base of the first ladder at the end
    Climbed,
}

impl From<GoalName> for Goal {
    fn from(name: GoalName) -> Goal {
        match name {
            GoalName::Reached => Goal::Reached,
            GoalName::Redemptions => Goal::Redemptions,
            GoalName::Generosity => Goal::Generosity,
            GoalName::Climbed => Goal::Climbed,
        }
    }
}

/// What is asked of `--redemption`.
#[derive(Clone, Copy, Debug)]
enum Model {
    Nobody,
    Recorded,
    Fitted,
    Stated(u64),
}

impl FromStr for Model {
    type Err = String;

    fn from_str(text: &str) -> Result<Model, String> {
        let wrong = || format!("{text} is no model: write nobody, recorded, fitted, or a share like 20%");
        Ok(match text {
            "nobody" => Model::Nobody,
            "recorded" => Model::Recorded,
            "fitted" => Model::Fitted,
            share => {
                let percent = share.strip_suffix('%').ok_or_else(wrong)?;
                let share = parse_decimal(percent, 4).ok().and_then(|share| u64::try_from(share).ok());
                Model::Stated(share.filter(|share| *share <= CERTAIN).ok_or_else(wrong)?)
            }
        })
    }
}

/// Takes the past through some programmes, with members who take rewards in some manner.
type Going<'a> = dyn Fn(&[Programme], Redemption) -> Result<Vec<Outcome>, Failure> + 'a;

/// What is replayed.
enum Past {
    Export(Export),
    History(Box<Application>),
}

impl Simulate {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let document = read_text(&self.file)?;
        let changed = with_settings(&document, &self.set)?;
        let programme = compiled(&self.file, &changed, texts)?;
        let past = self.past().await?;
        let result = self.simulate(&document, programme, &past, texts).await;
        if let Past::History(application) = past {
            application.close().await;
        }
        result
    }

    async fn past(&self) -> Result<Past, Failure> {
        let (Some(file), Some(map)) = (&self.orders, &self.map) else {
            return Ok(Past::History(Box::new(self.folder.open().await?)));
        };
        Export::new(file, map).map(Past::Export)
    }

    async fn simulate(&self, document: &str, programme: Programme, past: &Past, texts: &Texts) -> Result<(), Failure> {
        let against = self.compared_with(past, texts).await?;
        if let Some(against) = against.as_ref().filter(|against| against.currency != programme.currency) {
            let (here, there) = (&programme.currency.code, &against.currency.code);
            return Err(Failure::new(format!(
                "the programmes reckon in {here} and in {there}, or with other decimals: nothing can be compared"
            )));
        }
        let now = matches!(past, Past::History(_)).then(|| Clock::system().now());
        let until = self.until.as_deref().map(|text| moment(text, &programme)).transpose()?.or(now);
        let swept = self.swept(document, texts)?;
        // Everything after this is long work without a pause.
        let worked = tokio::task::block_in_place(|| -> Result<_, Failure> {
            let go = |programmes: &[Programme], redemption| {
                let manner = Manner { redemption, seed: self.seed, memory: MEMORY };
                go_through(past, programmes, &manner, until, texts)
            };
            let (redemption, fit) = self.redemption(past, against.as_ref().unwrap_or(&programme), &go)?;
            let mut programmes = vec![programme.clone()];
            programmes.extend(swept.iter().map(|(_, programme)| programme.clone()));
            programmes.extend(against.clone());
            Ok((go(&programmes, redemption)?, fit))
        });
        let (mut outcomes, fit) = worked?;
        let before = against.as_ref().and_then(|_| outcomes.pop());
        let mut outcomes = outcomes.into_iter();
        let outcome = outcomes.next().ok_or_else(|| Failure::new("nothing was replayed"))?;
        let tried: Vec<Outcome> = outcomes.collect();
        let comparison = before.as_ref().map(|before| Comparison::of(&outcome, before));
        let against = against.as_ref().zip(before.as_ref()).zip(comparison.as_ref());
        let against = against.map(|((programme, outcome), comparison)| Against { programme, outcome, comparison });
        let sweep = self.sweep.as_ref().map(|range| Sweep {
            setting: range.name(),
            goal: self.goal.into(),
            points: swept
                .iter()
                .zip(&tried)
                .map(|((value, _), outcome)| SweepPoint::of(value.clone(), self.goal.into(), outcome))
                .collect(),
        });
        let source = match past {
            Past::Export(export) => export.file.display().to_string(),
            Past::History(_) => self.folder.path().display().to_string(),
        };
        let report = Report {
            source: &source,
            programme: &programme,
            outcome: &outcome,
            against,
            elasticity: self.elasticity,
            sweep: sweep.as_ref(),
            fit,
        };
        self.tell(&report, texts)
    }

    async fn compared_with(&self, past: &Past, texts: &Texts) -> Result<Option<Programme>, Failure> {
        if let Some(file) = &self.against {
            return compiled(file, &read_text(file)?, texts).map(Some);
        }
        let Past::History(application) = past else { return Ok(None) };
        Ok(application.rulebook().live().map(|programme| Programme::clone(programme)))
    }

    /// The programmes of the sweep, each with its value.
    fn swept(&self, document: &str, texts: &Texts) -> Result<Vec<(String, Programme)>, Failure> {
        let Some(range) = &self.sweep else { return Ok(Vec::new()) };
        range
            .settings()
            .map(|(value, setting)| {
                let changed = with_settings(document, self.set.iter().chain([&setting]))?;
                Ok((value, compiled(&self.file, &changed, texts)?))
            })
            .collect()
    }

    fn redemption(&self, past: &Past, current: &Programme, go: &Going<'_>) -> Result<(Redemption, Fit), Failure> {
        let is_export = matches!(past, Past::Export(_));
        let model = self.redemption.unwrap_or(if is_export { Model::Stated(ASSUMED) } else { Model::Fitted });
        match model {
            Model::Nobody => Ok((Redemption::Nobody, Fit::Stated)),
            Model::Recorded | Model::Fitted if is_export => Err(Failure::new(
                "an order export does not record what members took: state a share, like --redemption 20%",
            )),
            Model::Recorded => Ok((Redemption::AsRecorded, Fit::Stated)),
            Model::Stated(likelihood) => {
                let fit = if self.redemption.is_some() { Fit::Stated } else { Fit::Assumed };
                Ok((Redemption::Modelled { likelihood }, fit))
            }
            Model::Fitted => {
                let recorded = go(std::slice::from_ref(current), Redemption::AsRecorded)?;
                Ok(recorded.first().map_or((Redemption::Nobody, Fit::Assumed), Fit::to))
            }
        }
    }

    fn tell(&self, report: &Report<'_>, texts: &Texts) -> Result<(), Failure> {
        self.files.write(|| Ok(report.html(texts)?), || Ok(report.json()?), || Ok(report.csv()?))?;
        print(&report.summary(texts))
    }
}

/// Replays the past once, through all programmes.
fn go_through(
    past: &Past,
    programmes: &[Programme],
    manner: &Manner,
    until: Option<Instant>,
    texts: &Texts,
) -> Result<Vec<Outcome>, Failure> {
    let Some(first) = programmes.first() else { return Ok(Vec::new()) };
    match past {
        Past::Export(export) => {
            let side = |programme: &Programme| Side {
                programme: programme.clone(),
                adapting: Adapting::sold_by(programme.brands.first().map(|brand| brand.id.clone())),
            };
            let sides: Vec<Side> = programmes.iter().map(side).collect();
            export.go_through(first, &sides, manner, until, texts)
        }
        Past::History(application) => {
            let bar = progress::spinner("{spinner} {human_pos}  {elapsed}");
            let side = |programme: &Programme| Side { programme: programme.clone(), adapting: Adapting::default() };
            let sides: Vec<Side> = programmes.iter().map(side).collect();
            let mut history = History::of(&application.database);
            let read = || -> Result<_, Failure> {
                let steps = history.next_steps()?;
                bar.inc(steps.len() as u64);
                Ok(steps)
            };
            let outcomes = run(read, &sides, manner, until);
            bar.finish_and_clear();
            outcomes
        }
    }
}

fn moment(text: &str, programme: &Programme) -> Result<Instant, Failure> {
    programme.calendar.parse(text).map_err(|error| Failure::new(format!("--until \"{text}\" {error}")))
}

/// `0.5` per cent is 5 thousandths.
fn thousandths(text: &str) -> Result<i64, String> {
    parse_decimal(text, 1).map_err(|cause| format!("{text}: {cause}"))
}
