// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

#include <torc/options.hpp>

namespace torc::config {

/// One variable of an environment.
struct setting {
  std::string name;
  std::string value;
};

/// Variables in the order in which they were found; of two with one name the first counts, as for getenv.
using environment = std::vector<setting>;

/// The process's variables whose names begin with "TORC_". Not to be called while another thread changes them.
environment process_environment();

/// The configuration of a session: `given`, overruled by what is set in the environment. All of it is checked.
/// Throws config_error with one line that names the variable or member, its value and what is allowed; also for an
/// unknown name within two letters of a known one. Other unknown names are left alone.
options resolve(options given, const environment& variables);

/// What `TORC_HELP` asks for; after printing it the program ends.
enum class help_request { none, terminal, markdown };

/// Throws config_error if the value is none that `TORC_HELP` may have. Asked before resolve(), so that help is
/// printed whatever else is wrong.
help_request requested_help(const environment& variables);

/// All variables, with types, ranges and defaults, as text of at most 80 columns that ends with a line end.
std::string help();

/// All variables as a table in Markdown that ends with a line end: the README's.
std::string variables_markdown();

}  // namespace torc::config
