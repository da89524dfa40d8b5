using System.Reflection;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>
/// A call on its way through its filters. Each <see cref="Invoke"/> begins the next stage and gives it back when it has ended, so a filter that calls it again
/// repeats all that comes after it.
/// </summary>
internal abstract class GrainCall(GrainRequest request, int filterCount) : IGrainCallContext
{
    private int _stage;

    public IInvokable Request => request;

    public abstract object Grain { get; }

    public abstract GrainId? SourceId { get; }

    public abstract GrainId TargetId { get; }

    // A timer's tick has no reference that it was sent through.
    public GrainInterfaceType InterfaceType => GrainInterfaceType.Create((request.Callee ?? Grain as GrainReference)?.Contract.FullName ?? InterfaceName);

    public string InterfaceName => request.Method.InterfaceName;

    public string MethodName => request.Method.Name;

    public MethodInfo InterfaceMethod => request.Method.Info;

    public object? Result
    {
        get => Response is { Exception: null } response ? response.Result : null;
        set => Response = Response.FromResult(value);
    }

    public Response? Response { get; set; }

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (stage > filterCount)
                throw new InvalidOperationException($"A filter lets the call of {request.Method} go on while it already does.");
            if (stage == filterCount)
            {
                Response = await InvokeTargetAsync();
                return;
            }

            await InvokeFilterAsync(stage);
            if (Response is null)
                throw new InvalidOperationException($"A filter neither let the call of {request.Method} go on nor gave it a result: {NameOf(stage)}.");
        }
        finally
        {
            _stage--;
        }
    }

    protected abstract Task InvokeFilterAsync(int index);

    protected abstract string NameOf(int index);

    /// <summary>What comes after the last filter. Throws what the call throws.</summary>
    protected abstract Task<Response> InvokeTargetAsync();
}
