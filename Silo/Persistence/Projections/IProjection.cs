using Npgsql;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>
/// A read model derived from the journal. Its content must depend on the rows alone (no clock, no random numbers, no reading of other tables), so
/// that it can be dropped and rebuilt to the same content.
/// </summary>
public interface IProjection
{
    /// <summary>Unique, never changed: it names the checkpoints.</summary>
    string Name { get; }

    /// <summary>Raise it when the tables or their meaning change: the projection is then rebuilt at the next start.</summary>
    int SchemaVersion { get; }

    /// <summary>The tables, with their schema (<c>payments.…</c>); if one is missing the projection is rebuilt.</summary>
    IReadOnlyList<string> Tables { get; }

    string CreateTablesSql { get; }

    /// <summary>Must succeed whether the tables are there or not (<c>DROP TABLE IF EXISTS</c>).</summary>
    string DropTablesSql { get; }

    /// <summary>The whole content with a complete <c>ORDER BY</c>, for the checksum.</summary>
    string ContentQuery { get; }

    /// <summary>Whether rows of this entity are wanted; usually by the id's prefix.</summary>
    bool Concerns(string entity);

    /// <summary>Applies rows, in order of position within each shard, inside the transaction that moves the checkpoint.</summary>
    /// <exception cref="ProjectionStoppedException">A row cannot be applied: the projection stops before it.</exception>
    ValueTask ApplyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellation);
}
