// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Bayesian calibration by transitional Markov chain Monte Carlo, whose chains are tasks: by default that of a model of
// lynx and hare on the pelts collected from 1900 to 1920.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"
#include "embedded.hpp"
#include "files.hpp"
#include "models/analytic.hpp"
#if defined(TMCMC_HAS_ARGON)
#include "models/argon.hpp"
#endif
#include "models/lynx_hare.hpp"
#include "models/lynx_hare_band.hpp"
#include "picture.hpp"
#include "report.hpp"
#include "sampler.hpp"

namespace {

struct settings {
  tmcmc::sampler_options sampler;
  std::string model = "lynx-hare";
  tmcmc::uniform_box box;
  std::filesystem::path output = "tmcmc-output";
};

/// Writes what the picture of a model shows besides the samples, and returns the commands that draw it.
std::string prepare_plot(const tmcmc::lynx_hare_problem&, const settings& s, const tmcmc::posterior& result) {
  tmcmc::write_text(s.output / "pelts.csv", tmcmc::embedded::lynx_hare_csv);
  tmcmc::write_bands(s.output / "bands.csv", tmcmc::lynx_hare_bands(result.samples, s.sampler.seed));
  return tmcmc::embedded::lynx_hare_plot;
}

#if defined(TMCMC_HAS_ARGON)
std::string prepare_plot(const tmcmc::argon_problem&, const settings&, const tmcmc::posterior&) {
  return tmcmc::embedded::argon_plot;
}
#endif

std::string prepare_plot(const tmcmc::plane_problem&, const settings&, const tmcmc::posterior&) {
  return tmcmc::embedded::plane_plot;
}

void draw(const std::filesystem::path& folder, const std::string& script) {
  tmcmc::write_text(folder / "calibration.gp", script);
  switch (tmcmc::run_gnuplot(folder, "calibration.gp")) {
    case tmcmc::drawing::drawn:
      fmt::print("picture: {}\n", (folder / "calibration.png").string());
      break;
    case tmcmc::drawing::no_gnuplot:
      fmt::print(
          "no picture, because gnuplot was not found: install it (Debian and Ubuntu: apt-get install gnuplot-nox), "
          "then run \"gnuplot calibration.gp\" in {}\n",
          folder.string());
      break;
    case tmcmc::drawing::failed:
      fmt::print("no picture, because gnuplot failed: its message is above, its script is {}\n",
                 (folder / "calibration.gp").string());
      break;
  }
}

template <tmcmc::problem P>
int calibrate(const P& problem, const settings& s) {
  fmt::print("tmcmc: {}, {} samples, seed {}, {} workers\n", problem.name(), s.sampler.samples, s.sampler.seed,
             torc::num_workers());
  const tmcmc::posterior result = tmcmc::sample_posterior(problem, s.sampler, tmcmc::print_stage);
  const auto marginals = tmcmc::summarise(problem.parameter_names(), result.samples);
  tmcmc::print_result(result, marginals);

  tmcmc::write_samples(s.output / "samples.csv", problem.parameter_names(), result.samples);
  fmt::print("samples: {}\n", (s.output / "samples.csv").string());
  const std::string title = fmt::format("{}: {} posterior samples, log evidence {:.2f}", problem.name(),
                                        result.samples.size(), result.log_evidence);
  draw(s.output, tmcmc::plot_script(title, marginals, prepare_plot(problem, s, result)));
  return 0;
}

void declare(examples::command_line& line, settings& s) {
  std::vector<std::string> models{"lynx-hare", "normal", "mixture", "rosenbrock"};
#if defined(TMCMC_HAS_ARGON)
  models.emplace_back("argon");
#endif
  line.add("--model", s.model, fmt::format("what to calibrate: {}", fmt::join(models, ", ")), models);
  line.add("--samples", s.sampler.samples, "samples of the posterior, and of each stage before; of argon 100",
           {10, 100000000});
  line.add("--seed", s.sampler.seed, "of all random numbers; the same seed gives the same samples", {.least = 0});
  line.add("--steps", s.sampler.steps,
           "Metropolis steps for each sample of a stage; 1 is the plain algorithm, and what argon has", {1, 1000000});
  line.add("--max-chain-length", s.sampler.longest_chain,
           "samples of a chain; 1 is unbiased (BASIS), more correlates samples", {1, 100000000});
  line.add("--box", s.box.half_width, "half the side of the box that is the prior of the models in the plane",
           {1e-3, 1e6});
  line.add("--output", s.output, "folder for the samples and the picture; made if it does not exist");
}

int run(int argc, char** argv) {
  settings s;
  examples::command_line line("Bayesian calibration by transitional Markov chain Monte Carlo, whose chains are tasks.",
                              "tmcmc");
  declare(line, s);
  if (const auto status = line.parse(argc, argv)) return *status;
  if (line.is_given("--box") && (s.model == "lynx-hare" || s.model == "argon"))
    return line.refuse(
        fmt::format("--box: the model {} has priors of its own; those in the plane have a box", s.model));
  if (s.model == "argon") {
    // Each evaluation is some simulations.
    if (!line.is_given("--samples")) s.sampler.samples = 100;
    if (!line.is_given("--steps")) s.sampler.steps = 1;
  }
  std::error_code error;
  std::filesystem::create_directories(s.output, error);
  if (!std::filesystem::is_directory(s.output)) {
    return line.refuse(fmt::format("--output: cannot make the folder {}: {}", s.output.string(),
                                   error ? error.message() : "a file of that name is in the way"));
  }

  try {
    if (s.model == "normal") return calibrate(tmcmc::normal_problem{{s.box}}, s);
    if (s.model == "mixture") return calibrate(tmcmc::mixture_problem{{s.box}}, s);
    if (s.model == "rosenbrock") return calibrate(tmcmc::rosenbrock_problem{{s.box}}, s);
#if defined(TMCMC_HAS_ARGON)
    if (s.model == "argon") return calibrate(tmcmc::argon_problem{}, s);
#endif
    return calibrate(tmcmc::lynx_hare_problem{}, s);
  } catch (const std::runtime_error& failure) {
    fmt::print(stderr, "tmcmc: {}\n", failure.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
