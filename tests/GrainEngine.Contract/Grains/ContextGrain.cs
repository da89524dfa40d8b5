using System.Diagnostics;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>What of its caller's context a call brings along.</summary>
public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> Value(string key);

    /// <summary>Asks another grain, after an await.</summary>
    Task<string?> ValueSeenBy(string other, string key);

    Task SetValue(string key, string value);

    /// <summary>Answers the ambient value and sets another one.</summary>
    Task<string?> ExchangeAmbient(string value);

    /// <summary>Whether an activity of this name is the current one or above it.</summary>
    Task<bool> IsWithinActivity(string name);

    /// <summary>Starts a timer whose only tick writes down the value that it sees.</summary>
    Task WriteValueInTimer(string key);
}

internal sealed class ContextGrain(Journal journal) : Grain, IContextGrain
{
    public static readonly AsyncLocal<string?> Ambient = new();

    public Task<string?> Value(string key) => Task.FromResult((string?)RequestContext.Get(key));

    public async Task<string?> ValueSeenBy(string other, string key)
    {
        await Task.Yield();
        return await GrainFactory.GetGrain<IContextGrain>(other).Value(key);
    }

    public Task SetValue(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<string?> ExchangeAmbient(string value)
    {
        var seen = Ambient.Value;
        Ambient.Value = value;
        return Task.FromResult(seen);
    }

    public Task<bool> IsWithinActivity(string name)
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            if (activity.OperationName == name)
                return Task.FromResult(true);
        return Task.FromResult(false);
    }

    public Task WriteValueInTimer(string key)
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Write($"timer sees {RequestContext.Get(key) ?? "nothing"}");
                return Task.CompletedTask;
            },
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}
