using Npgsql;
using NpgsqlTypes;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>Takes shards, the first time and again after a lost connection.</summary>
internal static class ShardOwnership
{
    /// <summary>
    /// Raises the shards' epochs in the name of <paramref name="owner"/>. Locking first waits for whatever a former owner, or a lost connection of our
    /// own, still has in progress; once this has committed, a statement with the old epoch that arrives later writes nothing.
    /// </summary>
    /// <param name="onlyIfOwner">
    /// Null takes the shards from whoever has them. Otherwise only a shard that this owner acquired last is taken again: the owner, not the epoch, is
    /// compared, because an earlier attempt of ours may have raised the epoch and lost its connection before it heard so.
    /// </param>
    /// <returns>The marks with their new epochs; null if a shard has another owner (then nothing was changed).</returns>
    public static async Task<IReadOnlyList<ShardMark>?> AcquireAsync(
        NpgsqlConnection connection, int[] shards, string owner, string? onlyIfOwner, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var marks = new List<ShardMark>(shards.Length);
        await using (var query = new NpgsqlCommand(JournalSql.LockShards, connection))
        {
            query.Parameters.Add(new NpgsqlParameter { Value = shards, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                if (onlyIfOwner is not null && reader.GetString(3) != onlyIfOwner)
                    return null;
                marks.Add(new ShardMark(reader.GetInt32(0), reader.GetInt64(1) + 1, reader.GetInt64(2)));
            }
        }

        if (marks.Count != shards.Length)
            return null;
        await using (var update = new NpgsqlCommand(JournalSql.RaiseEpochs, connection))
        {
            update.Parameters.Add(new NpgsqlParameter { Value = shards, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            update.Parameters.Add(new NpgsqlParameter { Value = owner });
            await update.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return marks;
    }
}
