//! Long work that somebody of the staff begins from a page and looks at later: a draft tried on the past, an audit.
//! A row says how far it is, so that any process may be asked and told to stop it; it is carried out on a thread of
//! its own, so that nobody who shops waits for it, and ends with the process.

mod course;
mod rows;

pub use course::{Bench, Course, Ended, Turn, begin};
pub use rows::{Kind, State, Task, task_begin, task_find, task_list, task_result, task_stop};
