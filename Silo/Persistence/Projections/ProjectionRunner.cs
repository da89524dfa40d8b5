using System.Diagnostics;
using Npgsql;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>
/// Applies the journal's rows to one projection, exactly once: rows and checkpoint are one transaction, which first moves the checkpoint from where we
/// believe it is. If it is elsewhere (an earlier commit of ours succeeded though its answer was lost) nothing is applied and the truth is read;
/// if it has a later owner's epoch, this projector has been replaced and ends.
/// </summary>
internal sealed partial class ProjectionRunner : IDisposable
{
    private readonly ILogger _logger;
    private readonly CheckpointStore _store;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long[] _positions;
    private bool _claimed;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProjectionRunner(IProjection projection, IReadOnlyList<ShardMark> owned, ILogger logger)
    {
        Debug.Assert(owned.Select((mark, i) => mark.Shard == i).All(same => same), "A silo owns every shard, in order.");
        Projection = projection;
        _logger = logger;
        _store = new CheckpointStore(projection, owned);
        _positions = new long[owned.Count];
    }

    public IProjection Projection { get; }

    public ProjectionState State { get; private set; } = ProjectionState.CatchingUp;

    public string? Reason { get; private set; }

    /// <summary>Changes whenever the checkpoints are read anew: rows that were read for an earlier generation may not fit any more.</summary>
    public int Generation { get; private set; }

    public bool IsAlive => State is ProjectionState.Running or ProjectionState.CatchingUp;

    /// <summary>The position up to which a shard is in the projection.</summary>
    public long PositionOf(int shard)
    {
        lock (_gate)
            return _positions[shard];
    }

    /// <summary>Completes at the next change of the checkpoints or the state.</summary>
    public Task NextChange()
    {
        lock (_gate)
            return _moved.Task;
    }

    public void Enter(ProjectionState state, string? reason = null)
    {
        State = state;
        Reason = reason;
        Announce();
    }

    /// <summary>Claims the checkpoints if that has not been done since the last doubt; false when another owner has them.</summary>
    public async Task<bool> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _claimed || await ClaimAsync(connection, rebuild: false, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Drops the content and begins at the journal's beginning; false when another owner has the checkpoints.</summary>
    public async Task<bool> ResetAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Enter(ProjectionState.CatchingUp);
            return await ClaimAsync(connection, rebuild: true, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Applies those of the rows that are not in the projection yet. A row that cannot be applied stops the projection; what comes before it is applied.
    /// </summary>
    /// <param name="rows">In order of shard and position; may begin before the checkpoints.</param>
    /// <param name="generation">The generation whose positions the rows were read for.</param>
    /// <exception cref="NpgsqlException">An error that may pass; nothing is known about the transaction's end, and the next round finds out.</exception>
    public async Task ApplyAsync(NpgsqlConnection connection, List<JournalRow> rows, int generation, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!IsAlive || !_claimed || Generation != generation)
                return;
            var unseen = rows.FindAll(row => row.Position > _positions[row.Shard]);
            if (unseen.Count > 0)
                await ApplyHalvingAsync(connection, unseen, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Applies the rows at once, or if that fails for good, half by half, so that the projection stops right before the culprit.</summary>
    private async Task ApplyHalvingAsync(NpgsqlConnection connection, List<JournalRow> rows, CancellationToken cancellation)
    {
        try
        {
            await ApplyTogetherAsync(connection, rows, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsPassing(e))
        {
            if (rows.Count == 1)
            {
                Stop(rows[0], e);
                return;
            }

            var half = rows.Count / 2;
            await ApplyHalvingAsync(connection, rows[..half], cancellation).ConfigureAwait(false);
            if (IsAlive && _claimed)
                await ApplyHalvingAsync(connection, rows[half..], cancellation).ConfigureAwait(false);
        }
    }

    private async Task ApplyTogetherAsync(NpgsqlConnection connection, List<JournalRow> rows, CancellationToken cancellation)
    {
        var moves = PlanMoves(rows);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (!await _store.MoveAsync(connection, moves, cancellation).ConfigureAwait(false))
        {
            _claimed = false;
            return;
        }

        var wanted = rows.FindAll(row => Projection.Concerns(row.Entity));
        if (wanted.Count > 0)
            await Projection.ApplyAsync(connection, transaction, wanted, cancellation).ConfigureAwait(false);
        try
        {
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Whether it was committed is read before anything is applied again.
            _claimed = false;
            throw;
        }

        lock (_gate)
        {
            foreach (var (shard, _, to) in moves)
                _positions[shard] = to;
        }

        Announce();
    }

    private List<(int Shard, long From, long To)> PlanMoves(List<JournalRow> rows)
    {
        var ends = new SortedDictionary<int, long>();
        foreach (var row in rows)
        {
            var before = ends.TryGetValue(row.Shard, out var end) ? end : _positions[row.Shard];
            if (row.Position != before + 1)
                throw new ProjectionStoppedException($"The journal has a gap in shard {row.Shard} after position {before}.");
            ends[row.Shard] = row.Position;
        }

        return [.. ends.Select(end => (end.Key, _positions[end.Key], end.Value))];
    }

    private async Task<bool> ClaimAsync(NpgsqlConnection connection, bool rebuild, CancellationToken cancellation)
    {
        if (await _store.ClaimAsync(connection, rebuild, cancellation).ConfigureAwait(false) is not { } positions)
        {
            Enter(ProjectionState.Fenced, "Another silo's projector has taken over.");
            LogFenced(Projection.Name);
            return false;
        }

        lock (_gate)
            _positions = positions;
        _claimed = true;
        Generation++;
        Announce();
        return true;
    }

    private void Stop(JournalRow row, Exception error)
    {
        Enter(
            ProjectionState.Stopped,
            $"It cannot apply version {row.Version} of {row.Entity} (shard {row.Shard}, position {row.Position}): {error.GetType().Name}.");
        LogStopped(error, Projection.Name, row.Entity, row.Version, row.Shard, row.Position);
    }

    private void Announce()
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.TrySetResult();
    }

    // PostgreSQL's own "try again" codes, every broken connection, and a statement that ran into its time limit or was cancelled.
    private static bool IsPassing(Exception e) => e switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState[..2] is "57" or "53" or "08",
        NpgsqlException or IOException or TimeoutException or OperationCanceledException => true,
        InvalidOperationException { Source: "Npgsql" } or ObjectDisposedException { Source: "Npgsql" } => true,
        _ => false,
    };

    [LoggerMessage(
        30,
        LogLevel.Critical,
        "The projection {Projection} cannot apply version {Version} of {Entity} (shard {Shard}, position {Position}) and has stopped")]
    private partial void LogStopped(Exception exception, string projection, string entity, int version, int shard, long position);

    [LoggerMessage(31, LogLevel.Critical, "The projection {Projection} belongs to another silo's projector now; this one has stopped")]
    private partial void LogFenced(string projection);
}
