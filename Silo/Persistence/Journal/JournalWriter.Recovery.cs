namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>What a writer does when it does not know what became of its batch.</summary>
internal sealed partial class JournalWriter
{
    private const string Unavailable = "The journal's database cannot be reached.";
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);

    private readonly Lock _stateGate = new();
    private volatile JournalState _state = JournalState.Stopped;
    private volatile string? _reason = "The journal has not started.";

    // Failures since the last commit, and when they began: a database that can be reached but takes nothing must not reset the patience each time.
    private int _failures;
    private long _troubleSince;

    public JournalState State => _state;

    public string? Reason => _state == JournalState.Ready ? null : _reason;

    /// <summary>Stops taking appends for good; what is in flight is still answered.</summary>
    public void StopForGood(string reason)
    {
        lock (_stateGate)
        {
            if (_state == JournalState.Fenced)
                return;
            _reason = reason;
            _state = JournalState.Fenced;
        }

        Fail(_queue.Refuse(reason), reason, outcomeUnknown: false);
        _queue.Complete(reason);
        _fenced(reason);
    }

    /// <summary>Establishes the truth about a batch; false when the writer must end.</summary>
    private async Task<bool> RecoverAsync(List<PendingAppend> batch)
    {
        await using var patience = EnterRecovery(batch);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await BackOffAsync().ConfigureAwait(false);
                await CloseConnectionAsync().ConfigureAwait(false);
                _connection = await WriterConnection.OpenAsync(_connections, _stopping.Token).ConfigureAwait(false);
                var found = await ShardOwnership
                    .AcquireAsync(_connection.Connection, _shards, _owner, onlyIfOwner: _owner, _stopping.Token).ConfigureAwait(false);
                if (found is null)
                    return await EndFencedAsync(batch).ConfigureAwait(false);
                if (found.Any(mark => mark.Head < _marks[mark.Shard].Head))
                    return EndWithLostRows(batch);

                await ResolveAsync(batch, found).ConfigureAwait(false);
                return LeaveRecovery();
            }
            catch (Exception e)
            {
                LogRecoveryFailed(e, _failures);
            }
        }

        Fail(batch, "The journal stopped before the outcome was known.", outcomeUnknown: true);
        return false;
    }

    private ITimer EnterRecovery(List<PendingAppend> batch)
    {
        if (_failures == 0)
            _troubleSince = _time.GetTimestamp();
        lock (_stateGate)
        {
            if (_state != JournalState.Fenced)
            {
                _reason = "A writer lost its connection and reads what became of its last batch.";
                _state = JournalState.Recovering;
            }
        }

        _metrics.Recovering();
        var left = _options.RecoveryPatience - _time.GetElapsedTime(_troubleSince);
        return _time.CreateTimer(_ => LosePatience(batch), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The callers have waited long enough; the recovery goes on without them.</summary>
    private void LosePatience(List<PendingAppend> batch)
    {
        // Under the lock, so an append is either told "unknown" or put back to be sent again, never both.
        lock (_stateGate)
        {
            if (_state is JournalState.Ready or JournalState.Stopped)
                return;
            var waiting = _queue.Refuse(Unavailable);
            LogPatienceLost(batch.Count, waiting.Count);
            Fail(batch, "The journal's database was lost during a commit; the outcome is not known yet.", outcomeUnknown: true);
            Fail(waiting, Unavailable, outcomeUnknown: false);
        }
    }

    private async Task ResolveAsync(List<PendingAppend> batch, IReadOnlyList<ShardMark> found)
    {
        var sent = MarksOf(batch);
        var moved = found.Where(mark => mark.Head > _marks[mark.Shard].Head).ToList();
        if (moved.Count > 0)
        {
            var written = await _connection.FindAsync(batch, sent, _stopping.Token).ConfigureAwait(false);
            for (var i = 0; i < batch.Count; i++)
            {
                if (written.TryGetValue(i, out var recordedAt))
                    batch[i].Answer(Grains.Shared.Journal.AppendStatus.Appended, Utc(recordedAt));
                else
                    batch[i].Answer(Grains.Shared.Journal.AppendStatus.Conflict);
            }
        }

        LogResolved(moved.Count > 0, batch.Count);
        foreach (var mark in found)
            _marks[mark.Shard] = mark;

        lock (_stateGate)
        {
            // Whoever was told "unknown" has left and will read the entity again; sending his append now would surprise him.
            PendingAppend[] again = moved.Count > 0 ? [] : [.. batch.Where(append => !append.IsAnswered)];
            _queue.PutBack(again);
            if (again.Length == 0)
                _failures = 0;
        }

        if (moved.Count > 0)
            _advanced(moved);
    }

    private bool LeaveRecovery()
    {
        lock (_stateGate)
        {
            if (_state == JournalState.Fenced)
                return false;
            _state = JournalState.Ready;
            _queue.Accept();
            return true;
        }
    }

    /// <summary>Another owner has the shards; its epoch has sealed the fate of the batch, so what can be read now is final.</summary>
    private async Task<bool> EndFencedAsync(List<PendingAppend> batch)
    {
        const string reason = "The journal's shards belong to another silo.";
        Dictionary<int, DateTime>? written = null;
        try
        {
            written = await _connection.FindAsync(batch, MarksOf(batch), _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogRecoveryFailed(e, _failures);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (written is not null && written.TryGetValue(i, out var recordedAt))
                batch[i].Answer(Grains.Shared.Journal.AppendStatus.Appended, Utc(recordedAt));
            else
                batch[i].Fail(reason, outcomeUnknown: written is null);
        }

        StopForGood(reason);
        return false;
    }

    /// <summary>The database ends before rows that were acknowledged: it was restored or failed over to a copy that lagged behind.</summary>
    private bool EndWithLostRows(List<PendingAppend> batch)
    {
        const string reason = "The database lost rows that it had acknowledged.";
        Fail(batch, reason, outcomeUnknown: true);
        StopForGood(reason);
        return false;
    }

    private async Task BackOffAsync()
    {
        if (_failures > 0)
        {
            var pause = FirstBackOff * Math.Pow(2, Math.Min(_failures - 1, 20));
            await Task.Delay(pause < _options.MaxBackOff ? pause : _options.MaxBackOff, _time, _stopping.Token).ConfigureAwait(false);
        }

        _failures++;
    }

    private async Task CloseConnectionAsync()
    {
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It was lost; that closing it fails tells nothing new.
            LogCloseFailed(e);
        }
    }
}
