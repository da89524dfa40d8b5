namespace OrleansPayments.Benchmarks.Engine.Grains;

[GrainType("bench_echo")]
internal sealed class EchoGrain : Grain, IEchoGrain
{
    /// <summary>Added to a grain's key, it names the grain that answers for it. Those have no further one, so no call meets itself.</summary>
    public const long BehindIt = 1L << 40;

    private IEchoGrain? _behind;

    public Task<bool> Answer(Question question) => Task.FromResult(true);

    public async Task<bool> AnswerLater(Question question)
    {
        await Task.Yield();
        return true;
    }

    public async Task<bool> AskOn(Question question) =>
        await (_behind ??= GrainFactory.GetGrain<IEchoGrain>(this.GetPrimaryKeyLong() + BehindIt)).Answer(question);
}
