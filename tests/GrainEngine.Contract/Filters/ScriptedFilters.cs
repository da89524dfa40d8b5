namespace OrleansPayments.GrainEngine.Contract.Filters;

/// <summary>Filters that do what the test says with the calls of one method, and let every other call pass.</summary>
internal sealed class ScriptedFilters : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    private volatile Rule<IIncomingGrainCallContext>? _incoming;
    private volatile Rule<IOutgoingGrainCallContext>? _outgoing;

    public void OnIncoming(string method, Func<IIncomingGrainCallContext, Task> behaviour) => _incoming = new(method, behaviour);

    public void OnOutgoing(string method, Func<IOutgoingGrainCallContext, Task> behaviour) => _outgoing = new(method, behaviour);

    public Task Invoke(IIncomingGrainCallContext context) => Apply(_incoming, context);

    public Task Invoke(IOutgoingGrainCallContext context) => Apply(_outgoing, context);

    private static Task Apply<TContext>(Rule<TContext>? rule, TContext context) where TContext : IGrainCallContext =>
        rule is not null && rule.Method == context.MethodName ? rule.Behaviour(context) : context.Invoke();

    private sealed record Rule<TContext>(string Method, Func<TContext, Task> Behaviour);
}
