// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>

#include "core/base/library_call.hpp"

/// Stands between a program and MPI, by MPI's own profiling interface, and notes in which call that may wait each
/// thread is: those of MPI 3.1 in which a thread waits for other ranks. Linked by those who look for a task that hangs
/// in one.
namespace {

using torc::base::library_call;

}  // namespace

// The name, the parameters, and the arguments for the call of the same name in MPI itself.
#define TORC_NOTED(NAME, PARAMETERS, ARGUMENTS) \
  int MPI_##NAME PARAMETERS {                   \
    const library_call here("MPI_" #NAME);      \
    return PMPI_##NAME ARGUMENTS;               \
  }

extern "C" {

// Collectives.

TORC_NOTED(Barrier, (MPI_Comm comm), (comm))
TORC_NOTED(Bcast, (void* data, int count, MPI_Datatype type, int root, MPI_Comm comm), (data, count, type, root, comm))
TORC_NOTED(Gather,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            int root, MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Gatherv,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, const int* nums_to, const int* places_to,
            MPI_Datatype type_to, int root, MPI_Comm comm),
           (from, num_from, type_from, to, nums_to, places_to, type_to, root, comm))
TORC_NOTED(Scatter,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            int root, MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Scatterv,
           (const void* from, const int* nums_from, const int* places_from, MPI_Datatype type_from, void* to,
            int num_to, MPI_Datatype type_to, int root, MPI_Comm comm),
           (from, nums_from, places_from, type_from, to, num_to, type_to, root, comm))
TORC_NOTED(Allgather,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Allgatherv,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, const int* nums_to, const int* places_to,
            MPI_Datatype type_to, MPI_Comm comm),
           (from, num_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Alltoall,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Alltoallv,
           (const void* from, const int* nums_from, const int* places_from, MPI_Datatype type_from, void* to,
            const int* nums_to, const int* places_to, MPI_Datatype type_to, MPI_Comm comm),
           (from, nums_from, places_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Reduce, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm),
           (from, to, count, type, op, root, comm))
TORC_NOTED(Allreduce, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Reduce_scatter, (const void* from, void* to, const int* counts, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, counts, type, op, comm))
TORC_NOTED(Reduce_scatter_block, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Scan, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Exscan, (const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm),
           (from, to, count, type, op, comm))
TORC_NOTED(Alltoallw,
           (const void* from, const int* nums_from, const int* places_from, const MPI_Datatype* types_from, void* to,
            const int* nums_to, const int* places_to, const MPI_Datatype* types_to, MPI_Comm comm),
           (from, nums_from, places_from, types_from, to, nums_to, places_to, types_to, comm))
TORC_NOTED(Neighbor_allgather,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Neighbor_allgatherv,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, const int* nums_to, const int* places_to,
            MPI_Datatype type_to, MPI_Comm comm),
           (from, num_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Neighbor_alltoall,
           (const void* from, int num_from, MPI_Datatype type_from, void* to, int num_to, MPI_Datatype type_to,
            MPI_Comm comm),
           (from, num_from, type_from, to, num_to, type_to, comm))
TORC_NOTED(Neighbor_alltoallv,
           (const void* from, const int* nums_from, const int* places_from, MPI_Datatype type_from, void* to,
            const int* nums_to, const int* places_to, MPI_Datatype type_to, MPI_Comm comm),
           (from, nums_from, places_from, type_from, to, nums_to, places_to, type_to, comm))
TORC_NOTED(Neighbor_alltoallw,
           (const void* from, const int* nums_from, const MPI_Aint* places_from, const MPI_Datatype* types_from,
            void* to, const int* nums_to, const MPI_Aint* places_to, const MPI_Datatype* types_to, MPI_Comm comm),
           (from, nums_from, places_from, types_from, to, nums_to, places_to, types_to, comm))

// Communicators, which are made and freed by all, and the end.

TORC_NOTED(Comm_dup, (MPI_Comm comm, MPI_Comm* made), (comm, made))
TORC_NOTED(Comm_split, (MPI_Comm comm, int colour, int key, MPI_Comm* made), (comm, colour, key, made))
TORC_NOTED(Comm_split_type, (MPI_Comm comm, int type, int key, MPI_Info info, MPI_Comm* made),
           (comm, type, key, info, made))
TORC_NOTED(Comm_create, (MPI_Comm comm, MPI_Group group, MPI_Comm* made), (comm, group, made))
TORC_NOTED(Comm_free, (MPI_Comm * comm), (comm))
TORC_NOTED(Comm_dup_with_info, (MPI_Comm comm, MPI_Info info, MPI_Comm* made), (comm, info, made))
TORC_NOTED(Comm_create_group, (MPI_Comm comm, MPI_Group group, int tag, MPI_Comm* made), (comm, group, tag, made))
TORC_NOTED(Intercomm_create,
           (MPI_Comm local, int local_leader, MPI_Comm peers, int remote_leader, int tag, MPI_Comm* made),
           (local, local_leader, peers, remote_leader, tag, made))
TORC_NOTED(Intercomm_merge, (MPI_Comm comm, int is_high, MPI_Comm* made), (comm, is_high, made))
TORC_NOTED(Cart_create,
           (MPI_Comm comm, int num_dims, const int* dims, const int* periods, int may_reorder, MPI_Comm* made),
           (comm, num_dims, dims, periods, may_reorder, made))
TORC_NOTED(Cart_sub, (MPI_Comm comm, const int* remaining, MPI_Comm* made), (comm, remaining, made))
TORC_NOTED(Graph_create,
           (MPI_Comm comm, int num_nodes, const int* index, const int* edges, int may_reorder, MPI_Comm* made),
           (comm, num_nodes, index, edges, may_reorder, made))
TORC_NOTED(Dist_graph_create,
           (MPI_Comm comm, int num, const int* sources, const int* degrees, const int* to, const int* weights,
            MPI_Info info, int may_reorder, MPI_Comm* made),
           (comm, num, sources, degrees, to, weights, info, may_reorder, made))
TORC_NOTED(Dist_graph_create_adjacent,
           (MPI_Comm comm, int num_in, const int* sources, const int* weights_in, int num_out, const int* targets,
            const int* weights_out, MPI_Info info, int may_reorder, MPI_Comm* made),
           (comm, num_in, sources, weights_in, num_out, targets, weights_out, info, may_reorder, made))
TORC_NOTED(Comm_accept, (const char* port, MPI_Info info, int root, MPI_Comm comm, MPI_Comm* made),
           (port, info, root, comm, made))
TORC_NOTED(Comm_connect, (const char* port, MPI_Info info, int root, MPI_Comm comm, MPI_Comm* made),
           (port, info, root, comm, made))
TORC_NOTED(Comm_join, (int socket, MPI_Comm* made), (socket, made))
TORC_NOTED(Comm_disconnect, (MPI_Comm * comm), (comm))
TORC_NOTED(Comm_spawn,
           (const char* command, char* arguments[], int num, MPI_Info info, int root, MPI_Comm comm, MPI_Comm* made,
            int errors[]),
           (command, arguments, num, info, root, comm, made, errors))
TORC_NOTED(Comm_spawn_multiple,
           (int count, char* commands[], char** arguments[], const int nums[], const MPI_Info infos[], int root,
            MPI_Comm comm, MPI_Comm* made, int errors[]),
           (count, commands, arguments, nums, infos, root, comm, made, errors))
TORC_NOTED(Finalize, (), ())

// Windows: made by all, and waited for.

TORC_NOTED(Win_create, (void* data, MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, MPI_Win* window),
           (data, size, unit, info, comm, window))
TORC_NOTED(Win_allocate, (MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, void* data, MPI_Win* window),
           (size, unit, info, comm, data, window))
TORC_NOTED(Win_allocate_shared, (MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, void* data, MPI_Win* window),
           (size, unit, info, comm, data, window))
TORC_NOTED(Win_create_dynamic, (MPI_Info info, MPI_Comm comm, MPI_Win* window), (info, comm, window))
TORC_NOTED(Win_free, (MPI_Win * window), (window))
TORC_NOTED(Win_fence, (int assertion, MPI_Win window), (assertion, window))
TORC_NOTED(Win_start, (MPI_Group group, int assertion, MPI_Win window), (group, assertion, window))
TORC_NOTED(Win_post, (MPI_Group group, int assertion, MPI_Win window), (group, assertion, window))
TORC_NOTED(Win_complete, (MPI_Win window), (window))
TORC_NOTED(Win_wait, (MPI_Win window), (window))
TORC_NOTED(Win_lock, (int type, int rank, int assertion, MPI_Win window), (type, rank, assertion, window))
TORC_NOTED(Win_lock_all, (int assertion, MPI_Win window), (assertion, window))
TORC_NOTED(Win_unlock, (int rank, MPI_Win window), (rank, window))
TORC_NOTED(Win_unlock_all, (MPI_Win window), (window))
TORC_NOTED(Win_flush, (int rank, MPI_Win window), (rank, window))
TORC_NOTED(Win_flush_all, (MPI_Win window), (window))
TORC_NOTED(Win_flush_local, (int rank, MPI_Win window), (rank, window))
TORC_NOTED(Win_flush_local_all, (MPI_Win window), (window))

// Files: what all ranks that have one open do together.

TORC_NOTED(File_open, (MPI_Comm comm, const char* name, int mode, MPI_Info info, MPI_File* file),
           (comm, name, mode, info, file))
TORC_NOTED(File_close, (MPI_File * file), (file))
TORC_NOTED(File_sync, (MPI_File file), (file))
TORC_NOTED(File_set_size, (MPI_File file, MPI_Offset size), (file, size))
TORC_NOTED(File_preallocate, (MPI_File file, MPI_Offset size), (file, size))
TORC_NOTED(File_set_view,
           (MPI_File file, MPI_Offset begin, MPI_Datatype element, MPI_Datatype type, const char* form, MPI_Info info),
           (file, begin, element, type, form, info))
TORC_NOTED(File_set_atomicity, (MPI_File file, int is_on), (file, is_on))
TORC_NOTED(File_seek_shared, (MPI_File file, MPI_Offset offset, int whence), (file, offset, whence))
TORC_NOTED(File_read_all, (MPI_File file, void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, data, count, type, status))
TORC_NOTED(File_read_at_all,
           (MPI_File file, MPI_Offset at, void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, at, data, count, type, status))
TORC_NOTED(File_read_ordered, (MPI_File file, void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, data, count, type, status))
TORC_NOTED(File_read_all_begin, (MPI_File file, void* data, int count, MPI_Datatype type), (file, data, count, type))
TORC_NOTED(File_read_all_end, (MPI_File file, void* data, MPI_Status* status), (file, data, status))
TORC_NOTED(File_read_ordered_begin, (MPI_File file, void* data, int count, MPI_Datatype type),
           (file, data, count, type))
TORC_NOTED(File_read_ordered_end, (MPI_File file, void* data, MPI_Status* status), (file, data, status))
TORC_NOTED(File_read_at_all_begin, (MPI_File file, MPI_Offset at, void* data, int count, MPI_Datatype type),
           (file, at, data, count, type))
TORC_NOTED(File_read_at_all_end, (MPI_File file, void* data, MPI_Status* status), (file, data, status))
TORC_NOTED(File_write_all, (MPI_File file, const void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, data, count, type, status))
TORC_NOTED(File_write_at_all,
           (MPI_File file, MPI_Offset at, const void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, at, data, count, type, status))
TORC_NOTED(File_write_ordered, (MPI_File file, const void* data, int count, MPI_Datatype type, MPI_Status* status),
           (file, data, count, type, status))
TORC_NOTED(File_write_all_begin, (MPI_File file, const void* data, int count, MPI_Datatype type),
           (file, data, count, type))
TORC_NOTED(File_write_all_end, (MPI_File file, const void* data, MPI_Status* status), (file, data, status))
TORC_NOTED(File_write_ordered_begin, (MPI_File file, const void* data, int count, MPI_Datatype type),
           (file, data, count, type))
TORC_NOTED(File_write_ordered_end, (MPI_File file, const void* data, MPI_Status* status), (file, data, status))
TORC_NOTED(File_write_at_all_begin, (MPI_File file, MPI_Offset at, const void* data, int count, MPI_Datatype type),
           (file, at, data, count, type))
TORC_NOTED(File_write_at_all_end, (MPI_File file, const void* data, MPI_Status* status), (file, data, status))

// Messages.

TORC_NOTED(Send, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Ssend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Rsend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Bsend, (const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm),
           (data, count, type, to, tag, comm))
TORC_NOTED(Recv, (void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Status* status),
           (data, count, type, from, tag, comm, status))
TORC_NOTED(Sendrecv,
           (const void* sent, int num_sent, MPI_Datatype type_sent, int to, int tag_to, void* received,
            int num_received, MPI_Datatype type_received, int from, int tag_from, MPI_Comm comm, MPI_Status* status),
           (sent, num_sent, type_sent, to, tag_to, received, num_received, type_received, from, tag_from, comm, status))
TORC_NOTED(Probe, (int from, int tag, MPI_Comm comm, MPI_Status* status), (from, tag, comm, status))
TORC_NOTED(Mprobe, (int from, int tag, MPI_Comm comm, MPI_Message* message, MPI_Status* status),
           (from, tag, comm, message, status))
TORC_NOTED(Mrecv, (void* data, int count, MPI_Datatype type, MPI_Message* message, MPI_Status* status),
           (data, count, type, message, status))
TORC_NOTED(Sendrecv_replace,
           (void* data, int count, MPI_Datatype type, int to, int tag_to, int from, int tag_from, MPI_Comm comm,
            MPI_Status* status),
           (data, count, type, to, tag_to, from, tag_from, comm, status))
TORC_NOTED(Buffer_detach, (void* data, int* size), (data, size))
TORC_NOTED(Wait, (MPI_Request * request, MPI_Status* status), (request, status))
TORC_NOTED(Waitall, (int count, MPI_Request requests[], MPI_Status statuses[]), (count, requests, statuses))
TORC_NOTED(Waitany, (int count, MPI_Request requests[], int* index, MPI_Status* status),
           (count, requests, index, status))
TORC_NOTED(Waitsome, (int count, MPI_Request requests[], int* num_done, int indices[], MPI_Status statuses[]),
           (count, requests, num_done, indices, statuses))

}  // extern "C"
