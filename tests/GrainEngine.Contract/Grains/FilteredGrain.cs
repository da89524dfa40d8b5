using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IFilteredGrain : IGrainWithStringKey
{
    /// <summary>Answers at once.</summary>
    Task<string> Echo(string text);

    /// <summary>Answers after a hop, so that the call goes pending.</summary>
    Task<string> EchoSlowly(string text);

    [ResponseTimeout("00:00:00.5")]
    Task<string> EchoInTime(string text, CancellationToken token);

    Task Fail(string message);

    /// <summary>Fails the first time.</summary>
    Task<string> FailOnce(string text);

    [OneWay]
    Task Forget(string text);

    Task<string?> ContextValue(string key);

    /// <summary>The other grain's answer to <see cref="Echo"/>.</summary>
    Task<string> EchoOf(string other, string text);

    /// <summary>Calls itself, which only a call chain that may re-enter can.</summary>
    Task<string> EchoOfSelf(string text);

    Task Tick();
}

/// <summary>Filters its own calls: it says so when their first argument begins with "own".</summary>
internal sealed class FilteredGrain(Journal journal) : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    private bool _failed;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var told = context.Request.GetArgumentCount() > 0 && context.Request.GetArgument(0) is string text && text.StartsWith("own", StringComparison.Ordinal);
        if (told)
            journal.Write("grain before");
        await context.Invoke();
        if (told)
            journal.Write("grain after");
    }

    public Task<string> Echo(string text)
    {
        journal.Write("echo " + text);
        return Task.FromResult(text);
    }

    public async Task<string> EchoSlowly(string text)
    {
        await Task.Yield();
        return await Echo(text);
    }

    public Task<string> EchoInTime(string text, CancellationToken token) => Echo(text);

    public Task Fail(string message) => throw new ProbeException(message, 1);

    public async Task<string> FailOnce(string text)
    {
        journal.Write("trying " + text);
        await Task.Yield();
        if (_failed)
            return text;
        _failed = true;
        throw new ProbeException("the first time", 1);
    }

    public Task Forget(string text) => Echo(text);

    public Task<string?> ContextValue(string key) => Task.FromResult((string?)RequestContext.Get(key));

    public Task<string> EchoOf(string other, string text) => GrainFactory.GetGrain<IFilteredGrain>(other).Echo(text);

    public async Task<string> EchoOfSelf(string text) => await this.AsReference<IFilteredGrain>().EchoSlowly(text);

    public Task Tick()
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Write("tick");
                return Task.CompletedTask;
            },
            new() { DueTime = TimeSpan.FromMilliseconds(5), Period = TimeSpan.FromMilliseconds(5) });
        return Task.CompletedTask;
    }
}
