using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call on its way into its grain: the registered filters, the grain class if it is one, the method. All of it runs in the grain's turns.</summary>
internal sealed class IncomingCall : GrainCall, IIncomingGrainCallContext
{
    private readonly GrainRequest _request;
    private readonly Activation _target;

    public IncomingCall(Activation target, GrainRequest request)
        : base(request, target.Engine.IncomingFilters.Length + (target.Class.IsCallFilter ? 1 : 0))
    {
        request.IsShared = true;
        _request = request;
        _target = target;
        // Taken now, because a request forgets its sender when the sender has its answer.
        SourceId = request.Sender?.GrainId;
    }

    public override object Grain => _target.Instance;

    public override GrainId? SourceId { get; }

    public override GrainId TargetId => _target.GrainId;

    public IGrainContext TargetContext => _target;

    public MethodInfo ImplementationMethod => _request.Method.ImplementationIn(_request.InvocationTarget!.GetType());

    protected override Task InvokeFilterAsync(int index) => Filter(index).Invoke(this);

    protected override string NameOf(int index) => Filter(index).GetType().Name;

    protected override async Task<Response> InvokeTargetAsync()
    {
        // A filter that swallows the exception leaves the failed response behind, and with it the failure, unless it sets a result.
        Response = await _request.InvokeAsync(_target);
        if (Response.Exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
        return Response;
    }

    private IIncomingGrainCallFilter Filter(int index) =>
        index < _target.Engine.IncomingFilters.Length ? _target.Engine.IncomingFilters[index] : (IIncomingGrainCallFilter)Grain;
}
