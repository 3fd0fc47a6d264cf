// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

TEST(list_images, gives_the_images_of_all_folders_sorted) {
  const fs::path folder = fs::path(testing::TempDir()) / ("torc imgproc " + std::to_string(getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder / "b" / "c");
  fs::create_directories(folder / "folder.png");
  for (const char* name : {"b/c/one.jpg", "two.JPEG", "a.PNG", "notes.txt", "jpg", "b/.png"})
    std::ofstream(folder / name).put('x');
  fs::create_symlink("nothing.png", folder / "link.png");
  EXPECT_EQ(imgproc::list_images(folder),
            (std::vector<fs::path>{folder / "a.PNG", folder / "b" / "c" / "one.jpg", folder / "two.JPEG"}));
  fs::remove_all(folder);
}

TEST(list_images, throws_for_what_cannot_be_listed) {
  EXPECT_THROW(imgproc::list_images("/no/such/folder"), fs::filesystem_error);
  EXPECT_THROW(imgproc::list_images(""), fs::filesystem_error);
  EXPECT_THROW(imgproc::list_images("/dev/null"), fs::filesystem_error);
}

}  // namespace
