// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/separate_jobs.hpp"

#include <fmt/format.h>

#include <array>

#include "core/config/parse.hpp"

namespace torc::runtime {
namespace {

/// What launchers tell the processes that they start.
struct launcher {
  const char* size;
  const char* rank;
  /// Whether it starts programs of some MPI only. A process may inherit the variables of several launchers, such as
  /// those of an allocation; then the innermost counts, and that is one of these.
  bool is_of_mpi;
};
// SLURM_NTASKS does not tell: it is also set in a shell of an allocation, where a program is started alone.
constexpr std::array launchers{
    launcher{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", true},
    launcher{"PMI_SIZE", "PMI_RANK", true},
    launcher{"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", false},
};

std::optional<int> number(const char* text) {
  if (text == nullptr) return std::nullopt;
  const auto value = config::parse_number(text);
  if (!value || *value < 0 || *value > 1e9) return std::nullopt;
  return static_cast<int>(*value);
}

std::string explain(const std::string& found, const std::string& library) {
  const std::string why = library.empty()
                              ? "this torc is built without MPI (TORC_ENABLE_MPI=OFF)"
                              : fmt::format("the launcher is none that this program's MPI knows ({})", library);
  const std::string what = library.empty()
                               ? "build it with MPI, or start one process"
                               : "start it with that library's own mpiexec, or with an srun --mpi=TYPE that "
                                 "the library supports (srun --mpi=list names them)";
  return fmt::format(
      "{}, but for MPI this process is alone: each process runs a whole job of its own. It seems that {}; {}", found,
      why, what);
}

}  // namespace

std::optional<std::string> separate_jobs(const std::function<const char*(const char*)>& variable,
                                         const std::string& library) {
  std::string found;
  bool is_first = true;
  for (const launcher& one : launchers) {
    const auto size = number(variable(one.size));
    if (!size) continue;
    if (*size <= 1) {
      if (one.is_of_mpi) return std::nullopt;
      continue;
    }
    found += fmt::format("{}{}={}", found.empty() ? "" : ", ", one.size, *size);
    is_first = is_first && number(variable(one.rank)).value_or(0) == 0;
  }
  if (found.empty()) {
    // PMIx alone tells no size. The second process knows that there are several.
    if (number(variable("PMIX_RANK")) != 1) return std::nullopt;
    found = "PMIX_RANK=1";
  }
  if (!is_first) return std::nullopt;
  return explain(found, library);
}

}  // namespace torc::runtime
