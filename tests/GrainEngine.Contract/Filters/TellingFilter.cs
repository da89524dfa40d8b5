namespace OrleansPayments.GrainEngine.Contract.Filters;

/// <summary>Writes down when it sees a call whose first argument begins with "own", before and after the rest of the call.</summary>
internal sealed class TellingFilter(Journal journal, string name) : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => TellAsync(context, name + " incoming");

    public Task Invoke(IOutgoingGrainCallContext context) => TellAsync(context, name + " outgoing");

    private async Task TellAsync(IGrainCallContext context, string teller)
    {
        var told = context.Request.GetArgumentCount() > 0 && context.Request.GetArgument(0) is string text && text.StartsWith("own", StringComparison.Ordinal);
        if (told)
            journal.Write(teller + " before");
        await context.Invoke();
        if (told)
            journal.Write(teller + " after");
    }
}
