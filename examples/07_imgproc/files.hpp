// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <filesystem>
#include <vector>

namespace imgproc {

/// The files below a folder whose names end like an image's (.jpg, .jpeg or .png, in any case), sorted. Throws
/// std::filesystem::filesystem_error if the folder cannot be listed; folders in it that may not be read are left out.
std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder);

}  // namespace imgproc
