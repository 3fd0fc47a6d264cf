// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Preprocessing of images. Every node starts as an SPMD program and lists the folder for itself; then the late switch
// makes node 0 the master, and tasks need to be told no more than the number of their file.

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <numeric>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"
#include "decode.hpp"
#include "files.hpp"
#include "image.hpp"

namespace {

// The same on every node.
std::vector<std::filesystem::path> files;
std::string listing;  // what was found, to be compared

struct report {
  std::string problem;  // empty if there is none
  int width = 0;
  int height = 0;
  std::array<double, 3> colour{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(problem, width, height, colour);
  }
};

report process(std::size_t index) {
  try {
    const imgproc::image original = imgproc::read_image(files[index]);
    const imgproc::image small = imgproc::resize(original, 32, 32);
    return {.width = original.width, .height = original.height, .colour = imgproc::mean_colour(small)};
  } catch (const std::exception& e) {
    return {.problem = e.what()};
  }
}

/// A folder that a node cannot list is no reason to leave the others alone: they talk about it after the launch.
void list(const std::string& folder) {
  try {
    files = imgproc::list_images(folder);
    std::size_t hash = 0;
    for (const auto& file : files) hash = 31 * hash + std::filesystem::hash_value(file);
    listing = fmt::format("{} files ({:016x})", files.size(), hash);
  } catch (const std::filesystem::filesystem_error& e) {
    listing = fmt::format("cannot list {}: {}", folder, e.code().message());
  }
}

/// What is wrong with the folder, empty if nothing is.
std::string problem_of(const std::string& folder) {
  const std::vector<std::string> listings = torc::spmd([] { return listing; });
  for (std::size_t node = 1; node < listings.size(); ++node) {
    if (listings[node] != listings[0])
      return fmt::format("{} differs between nodes: node 0 says {}, node {} says {}", folder, listings[0], node,
                         listings[node]);
  }
  if (listing.starts_with("cannot")) return listing;
  if (files.empty()) return fmt::format("no .jpg, .jpeg or .png file below {}", folder);
  return "";
}

void preprocess() {
  std::vector<std::size_t> indices(files.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  const double start = torc::gettime();
  const std::vector<report> reports = torc::map(process, indices);
  const double end = torc::gettime();

  std::size_t done = 0;
  for (const std::size_t i : indices) {
    const report& r = reports[i];
    if (r.problem.empty()) {
      ++done;
      fmt::print("{}: {}x{}, mean colour {:.0f} {:.0f} {:.0f}\n", files[i].string(), r.width, r.height, r.colour[0],
                 r.colour[1], r.colour[2]);
    } else {
      fmt::print("{}: skipped: {}\n", files[i].string(), r.problem);
    }
  }
  fmt::print("{} of {} files done\nt1-t0= {:.3f}\n", done, files.size(), end - start);
}

int run(int argc, char** argv) {
  const bool is_first = torc::node_id() == 0;
  std::string folder;
  examples::command_line line("Decodes the JPEG and PNG files below a folder and resizes them to 32x32.", "07_imgproc");
  line.add("path", folder, "folder with the images");
  if (argc == 1) {
    if (is_first) fmt::print(stderr, "usage: 07_imgproc <path>\n");
    return examples::bad_input;
  }
  if (const auto status = line.parse(argc, argv, is_first)) return *status;
  list(folder);

  if (!torc::launch()) return torc::shutdown();
  if (const std::string problem = problem_of(folder); !problem.empty()) return line.refuse(problem);
  preprocess();
  return torc::shutdown();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const torc::session session(argc, argv);
    return run(argc, argv);
  } catch (const torc::config_error& e) {
    fmt::print(stderr, "07_imgproc: {}\n", e.what());
    return examples::bad_input;
  } catch (const std::exception& e) {
    fmt::print(stderr, "07_imgproc: {}\n", e.what());
    return 1;
  }
}
