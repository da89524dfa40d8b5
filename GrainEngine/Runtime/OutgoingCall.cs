using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call on its way out of its caller, who may be a grain or not. Filters run where the caller runs.</summary>
internal sealed class OutgoingCall(GrainReference callee, GrainRequest request, IOutgoingGrainCallFilter[] filters)
    : GrainCall(request, filters.Length), IOutgoingGrainCallContext
{
    private readonly GrainRequest _request = request;

    public override object Grain => callee;

    public override GrainId? SourceId => SourceContext?.GrainId;

    public override GrainId TargetId => callee.GrainId;

    public IGrainContext? SourceContext { get; } = RuntimeContext.Current;

    protected override Task InvokeFilterAsync(int index) => filters[index].Invoke(this);

    protected override string NameOf(int index) => filters[index].GetType().Name;

    protected override Task<Response> InvokeTargetAsync() => _request.SendCopyAsync(callee);
}
