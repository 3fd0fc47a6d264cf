// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/cgroup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace {

using torc::os::cpu_quota;

/// A tree of control groups in a temporary folder.
class cgroup : public testing::Test {
 protected:
  cgroup()
      : m_root(std::filesystem::temp_directory_path() /
               ("torc_cgroup_test_" + std::to_string(::getpid()) + "_" +
                testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(m_root);
  }
  ~cgroup() override {
    std::error_code ignored;
    std::filesystem::remove_all(m_root, ignored);
  }

  void set_limit(const std::string& group, const std::string& text) const {
    std::filesystem::create_directories(m_root / group);
    std::ofstream(m_root / group / "cpu.max") << text << '\n';
  }

  std::filesystem::path m_root;
};

TEST_F(cgroup, quota_is_the_part_of_the_period) {
  set_limit("job", "250000 100000");
  EXPECT_EQ(cpu_quota("0::/job\n", m_root), 2.5);
}

TEST_F(cgroup, without_a_limit_has_no_quota) {
  set_limit("job", "max 100000");
  EXPECT_EQ(cpu_quota("0::/job\n", m_root), std::nullopt);
}

TEST_F(cgroup, above_may_be_the_stricter_one) {
  set_limit("slice", "100000 100000");
  set_limit("slice/job", "300000 100000");
  EXPECT_EQ(cpu_quota("0::/slice/job\n", m_root), 1.0);
  set_limit("slice", "max 100000");
  EXPECT_EQ(cpu_quota("0::/slice/job\n", m_root), 3.0);
}

TEST_F(cgroup, of_a_container_is_the_root_it_sees) {
  set_limit("", "150000 100000");
  EXPECT_EQ(cpu_quota("0::/\n", m_root), 1.5);
}

TEST_F(cgroup, line_of_version_2_is_found_among_those_of_version_1) {
  set_limit("job", "200000 100000");
  EXPECT_EQ(cpu_quota("4:memory:/else\n1:cpu:/else\n0::/job\n", m_root), 2.0);
}

TEST_F(cgroup, that_cannot_be_read_has_no_quota) {
  EXPECT_EQ(cpu_quota("", m_root), std::nullopt);
  EXPECT_EQ(cpu_quota("1:cpu:/job\n", m_root), std::nullopt);
  EXPECT_EQ(cpu_quota("0::/missing\n", m_root), std::nullopt);
  set_limit("job", "what is this");
  EXPECT_EQ(cpu_quota("0::/job\n", m_root), std::nullopt);
  set_limit("job", "0 0");
  EXPECT_EQ(cpu_quota("0::/job\n", m_root), std::nullopt);
}

TEST_F(cgroup, path_does_not_lead_out_of_the_tree) {
  set_limit("", "400000 100000");
  EXPECT_EQ(cpu_quota("0::/../../job\n", m_root), 4.0);
}

}  // namespace
