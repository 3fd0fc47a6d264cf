// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "picture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iterator>

namespace tmcmc {

std::string plot_script(const std::string& title, const std::vector<marginal>& marginals, const std::string& commands) {
  std::string script = fmt::format("# To draw the picture again: gnuplot calibration.gp\ntitle_text = \"{}\"\n", title);
  const auto array = [&](const char* name, double marginal::*member) {
    std::vector<double> values;
    for (const marginal& m : marginals) values.push_back(m.*member);
    fmt::format_to(std::back_inserter(script), "array {}[{}] = [{}]\n", name, values.size(), fmt::join(values, ", "));
  };
  array("low", &marginal::low);
  array("median", &marginal::median);
  array("high", &marginal::high);
  return script + commands;
}

drawing run_gnuplot(const std::filesystem::path& folder, const std::string& script) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::array<char*, 3> arguments{const_cast<char*>("gnuplot"), const_cast<char*>(script.c_str()), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) return drawing::no_gnuplot;
  if (error != 0) return drawing::failed;

  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return drawing::failed;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? drawing::drawn : drawing::failed;
}

}  // namespace tmcmc
