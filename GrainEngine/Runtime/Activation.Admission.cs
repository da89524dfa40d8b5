using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// Which request may start now: calls in flight keep others out, and attributes and reentrant call chains let them in.
internal sealed partial class Activation
{
    // In the turn only.
    private RequestList _blocked;
    private int _blockingInFlight;
    private bool _blockingAreReadOnly;
    private bool _sectionsChanged;
    private Dictionary<Guid, int>? _reentrantSections;

    /// <summary>Whether something that must end first keeps the request from its start. A hint, for any thread.</summary>
    public bool LooksClosedTo(GrainRequest request) =>
        _stage != Stage.Active || (Volatile.Read(ref _blockingInFlight) > 0 && !Class.IsReentrant && !request.Method.AlwaysInterleave);

    public void OnEnterReentrantSection(Guid reentrancyId)
    {
        _reentrantSections ??= [];
        _reentrantSections[reentrancyId] = _reentrantSections.GetValueOrDefault(reentrancyId) + 1;
        _sectionsChanged = true;
    }

    public void OnExitReentrantSection(Guid reentrancyId)
    {
        if (_reentrantSections is null || !_reentrantSections.TryGetValue(reentrancyId, out var depth))
            return;
        if (depth == 1)
            _reentrantSections.Remove(reentrancyId);
        else
            _reentrantSections[reentrancyId] = depth - 1;
    }

    private GrainRequest? NextRequest()
    {
        if (_blocked.First is { } oldest)
        {
            if (CanStart(oldest))
                return _blocked.RemoveFirst();
            if (_sectionsChanged)
            {
                if (_blocked.RemoveFirst(IsOfReentrantChain) is { } reentrant)
                    return reentrant;
                _sectionsChanged = false;
            }
        }

        while (_requests.Pop() is GrainRequest request)
        {
            if (_blocked.First is null ? CanStart(request) : Interleaves(request))
                return request;
            _blocked.Append(request);
        }

        return null;
    }

    // While it drains, only the chain of a call in flight is let in: that call could not end otherwise.
    private GrainRequest? NextReentrantRequest()
    {
        while (_requests.Pop() is GrainRequest request)
            _blocked.Append(request);
        return _reentrantSections is { Count: > 0 } ? _blocked.RemoveFirst(IsOfReentrantChain) : null;
    }

    private bool CanStart(GrainRequest request) =>
        _blockingInFlight == 0
        || Interleaves(request)
        || (request.Method.ReadOnly && _blockingAreReadOnly);

    private bool Interleaves(GrainRequest request) =>
        Class.IsReentrant || request.Method.AlwaysInterleave || (_reentrantSections is { Count: > 0 } && IsOfReentrantChain(request));

    private bool IsOfReentrantChain(GrainRequest request) =>
        request.Context is { } context
        && _reentrantSections is { } sections
        && context.TryGetValue(RequestContext.ReentrancyKey, out var id)
        && sections.ContainsKey((Guid)id);

    /// <summary>Counts a request that starts among those that keep others out, if it does.</summary>
    private void Block(GrainRequest request)
    {
        request.IsBlocking = !Class.IsReentrant && !request.Method.AlwaysInterleave;
        if (!request.IsBlocking)
            return;
        _blockingAreReadOnly = request.Method.ReadOnly && (_blockingInFlight == 0 || _blockingAreReadOnly);
        _blockingInFlight++;
    }

    private void Unblock(GrainRequest request)
    {
        if (request.IsBlocking)
            _blockingInFlight--;
    }
}
