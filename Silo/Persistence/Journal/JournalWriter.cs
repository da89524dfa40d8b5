using Npgsql;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>
/// Commits the appends of some shards in batches over one connection, and is the only one in the world who may.
/// <para><b>Group commit.</b> One batch is in flight; what arrives meanwhile queues and is the next batch. No timer: alone, an append waits for nobody;
/// under load, one flush serves up to <see cref="JournalOptions.MaxBatch"/> appends.</para>
/// <para><b>Fence.</b> Each shard has an epoch and a head. An owner raises the epoch when it acquires the shard and knows the head ever after, for
/// nobody else moves it. A batch is one statement, hence one transaction: it locks the rows of its shards where epoch and head are what the owner
/// knows, and if one is missing it writes nothing at all.</para>
/// <para><b>Why READ COMMITTED is enough.</b> The statement looks up each entity's version in the snapshot taken at its beginning, perhaps before it
/// holds the locks. That could only mislead if rows of these shards were committed after the snapshot. Whoever commits a row moves the shard's head in
/// the same transaction, and a lock that had to wait checks the <i>newest</i> version of the shard's row. So a fence that passes proves that the head is
/// still the one we know; every row up to it was committed before we learnt of it, hence before this statement began, hence is in the snapshot;
/// and there is none beyond it. All rows of an entity are in one shard, so the version found is its version. The unique constraint on (entity, version)
/// stands behind this argument; if it ever speaks, the argument is broken and says so in the log.</para>
/// <para><b>Conflicts</b> are sorted out before positions are given, so they leave no gap and disturb nobody. <b>Data errors</b> abort the statement:
/// the batch goes back to the front of the queue and is sent in halves until the culprit is alone, is rejected, and the rest commits.</para>
/// <para><b>Unknown outcome.</b> When the connection is lost (or the server says anything else unexpected) while a batch is in flight, nobody is answered
/// until the truth is known. Over a new connection the writer locks its shards, which waits for the old backend, and raises their epochs, after which
/// the old statement, should it still arrive, writes nothing: the batch's fate is sealed. A head that moved means that the batch was committed (it is
/// atomic, and nobody else moves heads): its rows, known by their epoch, are "appended", the others were conflicts. Heads that stand still mean that
/// it was not, and it is sent again. Callers wait for this for a bounded time, then hear "unknown", and their appends are not sent again. Until
/// the truth is known no load of these shards is served: it could miss a row that is still to appear.</para>
/// <para><b>Fenced.</b> If a shard turns out to have another owner, this one stops for good. What it had in flight it still answers truthfully: the
/// new owner's epoch has sealed that batch's fate just as well.</para>
/// </summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private readonly Dictionary<int, ShardMark> _marks = [];
    private readonly int[] _shards;
    private readonly string _owner;
    private readonly JournalConnections _connections;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly IFailpoints _failpoints;
    private readonly Action<IReadOnlyList<ShardMark>> _advanced;
    private readonly Action<string> _fenced;
    private readonly AppendQueue _queue;
    private readonly CancellationTokenSource _stopping = new();
    private WriterConnection _connection = null!;
    private Task _loop = Task.CompletedTask;

    // After a data error: how many appends one batch may take, and how many of the appends at the front are under suspicion.
    private int _limit;
    private int _suspects;

    /// <param name="advanced">Called after every commit with the new heads of the shards that moved.</param>
    /// <param name="fenced">Called once when this writer finds that it is no longer the owner.</param>
    public JournalWriter(
        IReadOnlyList<ShardMark> marks,
        string owner,
        JournalConnections connections,
        JournalOptions options,
        TimeProvider time,
        JournalMetrics metrics,
        ILogger logger,
        IFailpoints failpoints,
        Action<IReadOnlyList<ShardMark>> advanced,
        Action<string> fenced)
    {
        foreach (var mark in marks)
            _marks.Add(mark.Shard, mark);
        _shards = [.. _marks.Keys.Order()];
        _owner = owner;
        _connections = connections;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _failpoints = failpoints;
        _advanced = advanced;
        _fenced = fenced;
        _limit = options.MaxBatch;
        _queue = new AppendQueue(options.MaxQueue, options.MaxQueueBytes);
    }

    public int QueueLength => _queue.Count;

    public async Task StartAsync(CancellationToken cancellation)
    {
        _connection = await WriterConnection.OpenAsync(_connections, cancellation).ConfigureAwait(false);
        _state = JournalState.Ready;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <exception cref="JournalUnavailableException">The append was not taken.</exception>
    public Task<AppendResult> AppendAsync(JournalAppend append, int shard)
    {
        var pending = new PendingAppend(append, shard);
        _queue.Add(pending);
        return pending.Task;
    }

    /// <summary>Takes no more appends, commits those that wait, within the drain timeout, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Complete("The journal is stopping.");
        try
        {
            await _loop.WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A batch in flight still gets its answer, or its command timeout.
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _loop.ConfigureAwait(false);
        }

        _state = _state == JournalState.Fenced ? JournalState.Fenced : JournalState.Stopped;
        if (_connection is not null)
            await CloseConnectionAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested && await _queue.WaitAsync().ConfigureAwait(false))
            {
                var batch = _queue.Take(_limit, _options.MaxBatchBytes);
                if (batch.Count == 0 || await CommitAsync(batch).ConfigureAwait(false))
                    continue;
                if (!await RecoverAsync(batch).ConfigureAwait(false))
                    break;
            }
        }
        catch (Exception e)
        {
            LogLoopFailed(e);
            StopForGood("The journal's writer failed.");
        }
        finally
        {
            var reason = _state == JournalState.Fenced ? _reason! : "The journal has stopped.";
            Fail(_queue.Refuse(reason), reason, outcomeUnknown: false);
        }
    }

    /// <summary>Sends a batch and answers its callers; false when its outcome is unknown and nobody was answered.</summary>
    private async Task<bool> CommitAsync(List<PendingAppend> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            var answer = await _connection.AppendAsync(batch, MarksOf(batch), Now(), _failpoints).ConfigureAwait(false);
            if (answer is null)
            {
                LogFenceRefused(batch.Count);
                return false;
            }

            await _failpoints.Reach(Failpoint.AfterCommit, batch.Select(append => append.Entity)).ConfigureAwait(false);
            Settle(batch, answer);
            _metrics.Committed(batch.Count, answer.Conflicts, _time.GetElapsedTime(started));
            return true;
        }
        catch (PostgresException e) when (IsDataError(e) && _connection.IsOpen)
        {
            Isolate(batch, e);
            return true;
        }
        catch (Exception e)
        {
            LogCommitUnknown(e, batch.Count);
            return false;
        }
    }

    private void Settle(List<PendingAppend> batch, BatchAnswer answer)
    {
        var moved = new Dictionary<int, ShardMark>();
        for (var i = 0; i < batch.Count; i++)
        {
            var shard = batch[i].Shard;
            if (answer.PositionOf(i) > _marks[shard].Head)
                moved[shard] = _marks[shard] = _marks[shard] with { Head = answer.PositionOf(i) };
        }

        // Before the answers, so that who is answered and then waits for a projection waits for what it has just written.
        if (moved.Count > 0)
            _advanced([.. moved.Values]);

        for (var i = 0; i < batch.Count; i++)
        {
            if (answer.PositionOf(i) > 0)
                batch[i].Answer(AppendStatus.Appended, Utc(answer.RecordedAtOf(i)));
            else
                batch[i].Answer(AppendStatus.Conflict);
        }

        EndOfTrouble(batch.Count);
    }

    /// <summary>The statement was aborted because of some row's data: halve the batch until the row is alone.</summary>
    private void Isolate(List<PendingAppend> batch, PostgresException error)
    {
        if (batch.Count > 1)
        {
            _suspects = batch.Count;
            _limit = batch.Count / 2;
            _queue.PutBack(batch);
            return;
        }

        if (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The version looked free and was not, or the position was taken: the fence's argument does not hold for this database.
            LogUniqueViolation(error, error.ConstraintName ?? "", batch[0].Shard);
            if (error.ConstraintName == "journal_entity_version")
            {
                batch[0].Answer(AppendStatus.Conflict);
            }
            else
            {
                batch[0].Fail("The journal's positions are damaged.", outcomeUnknown: false);
                StopForGood("A position at the head of a shard is taken already.");
            }
        }
        else
        {
            LogRejected(error.SqlState, batch[0].Shard);
            batch[0].Answer(AppendStatus.Rejected);
            _metrics.Rejected();
        }

        EndOfTrouble(1);
        _limit = _options.MaxBatch;
    }

    private void EndOfTrouble(int appends)
    {
        _failures = 0;
        _suspects -= Math.Min(_suspects, appends);
        if (_suspects == 0)
            _limit = _options.MaxBatch;
    }

    private IReadOnlyList<ShardMark> MarksOf(IEnumerable<PendingAppend> batch) =>
        [.. batch.Select(append => append.Shard).Distinct().Order().Select(shard => _marks[shard])];

    private DateTime Now()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));

    // 22 data exception, 23 integrity constraint violation, 54 program limit exceeded: the rows' own fault, whoever sends them.
    private static bool IsDataError(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";

    private static void Fail(IEnumerable<PendingAppend> appends, string reason, bool outcomeUnknown, Exception? cause = null)
    {
        foreach (var append in appends)
            append.Fail(reason, outcomeUnknown, cause);
    }
}
