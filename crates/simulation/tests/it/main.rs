//! One test binary, a file for each subject. Every random test prints its seed when it fails.

mod programmes;
