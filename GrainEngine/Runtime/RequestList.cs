using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>Requests that were taken from the queue and may not start yet, in order. Used in the turn only.</summary>
internal struct RequestList
{
    private QueueNode? _last;

    public GrainRequest? First { get; private set; }

    public void Append(GrainRequest request)
    {
        request.Next = null;
        if (_last is null)
            First = request;
        else
            _last.Next = request;
        _last = request;
    }

    public GrainRequest RemoveFirst()
    {
        var request = First!;
        First = (GrainRequest?)request.Next;
        if (First is null)
            _last = null;
        request.Next = null;
        return request;
    }

    /// <summary>Removes and returns the first request that passes, or null.</summary>
    public GrainRequest? RemoveFirst(Func<GrainRequest, bool> passes)
    {
        GrainRequest? previous = null;
        for (var request = First; request is not null; previous = request, request = (GrainRequest?)request.Next)
        {
            if (!passes(request))
                continue;
            if (previous is null)
                return RemoveFirst();
            previous.Next = request.Next;
            if (ReferenceEquals(_last, request))
                _last = previous;
            request.Next = null;
            return request;
        }

        return null;
    }
}
