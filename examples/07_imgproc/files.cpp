// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/files.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace imgproc {
namespace {

bool has_name_of_an_image(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

}  // namespace

std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder) {
  // Opening the folder itself must not fail silently, unlike those below it.
  static_cast<void>(std::filesystem::directory_iterator(folder));
  std::vector<std::filesystem::path> files;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, options)) {
    std::error_code ignored;  // a link to nothing is no file
    if (has_name_of_an_image(entry.path()) && entry.is_regular_file(ignored)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace imgproc
