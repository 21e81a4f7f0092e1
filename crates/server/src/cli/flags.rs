//! The flags of `langflow run`: each sets the variable of the same meaning.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};

/// A flag and the variable it sets.
struct Flag {
    long: &'static str,
    /// Empty: the flag is read and means nothing.
    variable: &'static str,
    form: Form,
    help: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Value(&'static str),
    /// `--x`, `--x=false`, `--no-x`.
    Switch,
}

const fn value(long: &'static str, variable: &'static str, name: &'static str, help: &'static str) -> Flag {
    Flag { long, variable, form: Form::Value(name), help }
}

const fn switch(long: &'static str, variable: &'static str, help: &'static str) -> Flag {
    Flag { long, variable, form: Form::Switch, help }
}

const FLAGS: &[Flag] = &[
    value("host", "LANGFLOW_HOST", "TEXT", "Address to listen on [default: 127.0.0.1]"),
    value("port", "LANGFLOW_PORT", "INT", "Port to listen on [default: 7860]"),
    switch("backend-only", "LANGFLOW_BACKEND_ONLY", "Serve no editor"),
    value("frontend-path", "LANGFLOW_FRONTEND_PATH", "PATH", "Folder with a built editor to serve"),
    switch("open-browser", "LANGFLOW_OPEN_BROWSER", "Open the editor in a browser"),
    value("log-file", "LANGFLOW_LOG_FILE", "PATH", "File that log lines are appended to"),
    value("ssl-cert-file-path", "LANGFLOW_SSL_CERT_FILE", "PATH", "Certificate chain in PEM form"),
    value("ssl-key-file-path", "LANGFLOW_SSL_KEY_FILE", "PATH", "Private key in PEM form"),
    value("max-file-size-upload", "LANGFLOW_MAX_FILE_SIZE_UPLOAD", "MB", "Largest request body"),
    value("worker-timeout", "LANGFLOW_WORKER_TIMEOUT", "SECONDS", "Longest run"),
    switch("remove-api-keys", "LANGFLOW_REMOVE_API_KEYS", "Remove values of secret fields from saved flows"),
    switch("auto-saving", "LANGFLOW_AUTO_SAVING", "Save while editing"),
    value("auto-saving-interval", "LANGFLOW_AUTO_SAVING_INTERVAL", "MS", "Milliseconds between such saves"),
    value("webhook-polling-interval", "LANGFLOW_WEBHOOK_POLLING_INTERVAL", "MS", "Hint for the editor"),
    // Langflow's own, accepted so that scripts go on working.
    value("workers", "LANGFLOW_WORKERS", "INT", "Without effect: one process serves everybody"),
    value("components-path", "LANGFLOW_COMPONENTS_PATH", "PATH", "Folder of components to add"),
    value("log-rotation", "LANGFLOW_LOG_ROTATION", "TEXT", "Without effect"),
    value("cache", "LANGFLOW_CACHE_TYPE", "TEXT", "Without effect"),
    switch("dev", "LANGFLOW_DEV", "Without effect"),
    switch("store", "LANGFLOW_STORE", "Without effect"),
    value("deployment-profile", "LANGFLOW_DEPLOYMENT_PROFILE", "TEXT", "Without effect"),
    switch("health-check-max-retries", "", "Without effect"),
];

/// The flags that were given, as variables and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFlags(pub Vec<(&'static str, String)>);

impl clap::Args for RunFlags {
    fn augment_args(command: Command) -> Command {
        FLAGS.iter().fold(command, |command, flag| match flag.form {
            Form::Value(name) => command.arg(
                Arg::new(flag.long)
                    .long(flag.long)
                    .value_name(name)
                    .help(flag.help)
                    .overrides_with(flag.long),
            ),
            Form::Switch => add_switch(command, flag),
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn add_switch(command: Command, flag: &Flag) -> Command {
    let no = format!("no-{}", flag.long);
    let on = Arg::new(flag.long)
        .long(flag.long)
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .value_name("BOOL")
        .help(flag.help)
        .overrides_with_all([flag.long.to_owned(), no.clone()]);
    let off = Arg::new(no.clone()).long(no).action(ArgAction::SetTrue).hide(true).overrides_with(flag.long);
    command.arg(on).arg(off)
}

impl FromArgMatches for RunFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for flag in FLAGS.iter().filter(|flag| !flag.variable.is_empty()) {
            if let Some(text) = matches.get_one::<String>(flag.long) {
                self.0.push((flag.variable, text.clone()));
            }
            let no = format!("no-{}", flag.long);
            if flag.form == Form::Switch && matches.value_source(&no) == Some(ValueSource::CommandLine) {
                self.0.push((flag.variable, "false".to_owned()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Args as _;

    fn given(args: &[&str]) -> Result<Vec<(&'static str, String)>, Error> {
        let command = RunFlags::augment_args(Command::new("run"));
        let matches = command.try_get_matches_from(std::iter::once(&"run").chain(args))?;
        RunFlags::from_arg_matches(&matches).map(|flags| flags.0)
    }

    #[test]
    fn flags_set_the_variable_of_the_same_meaning() {
        type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);
        let cases: &[Case<'_>] = &[
            (&[], &[]),
            (&["--port", "8000"], &[("LANGFLOW_PORT", "8000")]),
            (&["--port=1", "--port", "2"], &[("LANGFLOW_PORT", "2")]),
            (&["--backend-only"], &[("LANGFLOW_BACKEND_ONLY", "true")]),
            (&["--backend-only=true"], &[("LANGFLOW_BACKEND_ONLY", "true")]),
            (&["--no-backend-only"], &[("LANGFLOW_BACKEND_ONLY", "false")]),
            (&["--backend-only", "--no-backend-only"], &[("LANGFLOW_BACKEND_ONLY", "false")]),
            (&["--no-backend-only", "--backend-only"], &[("LANGFLOW_BACKEND_ONLY", "true")]),
            (&["--health-check-max-retries"], &[]),
            (&["--workers", "4"], &[("LANGFLOW_WORKERS", "4")]),
        ];
        for (args, expected) in cases {
            let given = given(args).unwrap();
            let given: Vec<(&str, &str)> = given.iter().map(|(n, v)| (*n, v.as_str())).collect();
            assert_eq!(&given, expected, "{args:?}");
        }
        assert!(given(&["--no-such-flag"]).is_err());
    }
}
